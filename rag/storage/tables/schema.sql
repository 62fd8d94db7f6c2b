-- The catalogue of an index as version 6 of the schema has it: what a new index is made with.
-- Indexes that are there come to it by migrations/, which a test holds to the same outcome. A change here needs both:
-- a migration with the next number, and SCHEMA_VERSION in schema.py.

-- Documents, in the order in which they were added (rowid). pages, figures, tables and chunks are counts; added is UTC
-- in ISO 8601; problems is a JSON list of {page, stage, message}.
CREATE TABLE documents(id TEXT PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, pages INTEGER NOT NULL,
    figures INTEGER NOT NULL, tables INTEGER NOT NULL, chunks INTEGER NOT NULL, added TEXT NOT NULL,
    problems TEXT NOT NULL);

-- Pages: width and height in points, rotation in degrees, image relative to the document's folder, label as printed.
CREATE TABLE pages(doc TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    width REAL NOT NULL, height REAL NOT NULL, rotation INTEGER NOT NULL, image TEXT, label TEXT NOT NULL,
    PRIMARY KEY(doc, number)) WITHOUT ROWID;

-- Chunks in reading order (position). regions is a JSON list of [page, [x0, y0, x1, y1]] in points.
CREATE TABLE chunks(id TEXT PRIMARY KEY, doc TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, regions TEXT NOT NULL, caption TEXT NOT NULL,
    heading TEXT NOT NULL, mentions TEXT NOT NULL, image TEXT);
CREATE INDEX chunks_of_document ON chunks(doc, position);

-- What is recorded of the whole index, as JSON. revision grows with every change that a reader may see; writing is the
-- process number of the writer, or null.
CREATE TABLE manifest(key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO manifest VALUES ('revision', '0'), ('writing', 'null');

-- Generations of vectors. state is building, live, previous or refused; means is a JSON object of lists of numbers.
CREATE TABLE generations(id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, encoder TEXT NOT NULL,
    words TEXT NOT NULL, name TEXT NOT NULL, fingerprint TEXT NOT NULL, dim INTEGER NOT NULL, created TEXT NOT NULL,
    means TEXT NOT NULL DEFAULT '{}');

-- Full text: see fulltext.py. A page's key is document number << 20 | page; words and title are arrays of uint32 terms,
-- marks one of uint16 beside words (term_vectors.py).
CREATE TABLE fulltext_documents(no INTEGER PRIMARY KEY, doc TEXT NOT NULL UNIQUE, pages INTEGER NOT NULL,
    words INTEGER NOT NULL, title BLOB NOT NULL);
CREATE TABLE fulltext_totals(pages INTEGER NOT NULL, words INTEGER NOT NULL);
INSERT INTO fulltext_totals VALUES (0, 0);
CREATE TABLE fulltext_pages(id INTEGER PRIMARY KEY, words BLOB NOT NULL, marks BLOB NOT NULL, top INTEGER NOT NULL,
    figures INTEGER NOT NULL, tables INTEGER NOT NULL);
CREATE TABLE fulltext_units(page INTEGER NOT NULL, unit INTEGER NOT NULL, chunk TEXT NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY(page, unit)) WITHOUT ROWID;
CREATE INDEX fulltext_units_of_chunk ON fulltext_units(chunk);

-- The terms of each document (postings.py): pages is how many have the term, hits for each of them its number, how often
-- it stands there and the page's size, places where it stands in the document. A term ":de" are the pages in German.
CREATE TABLE fulltext_postings(term TEXT NOT NULL, no INTEGER NOT NULL, pages INTEGER NOT NULL, hits BLOB NOT NULL,
    places BLOB NOT NULL, PRIMARY KEY(term, no)) WITHOUT ROWID;
CREATE INDEX fulltext_postings_of_document ON fulltext_postings(no);

-- Codes by which the vectors of a large library are searched in memory (vector_codes.py), made anew of the arrays where
-- they are missing: rows of a document in one modality, the first of them and the total in its array, how that is
-- written (store), and the bytes of a chunk id (width).
CREATE TABLE vector_codes(id INTEGER PRIMARY KEY AUTOINCREMENT,
    generation INTEGER NOT NULL REFERENCES generations(id) ON DELETE CASCADE,
    doc TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE, modality TEXT NOT NULL, rows INTEGER NOT NULL,
    first INTEGER NOT NULL, total INTEGER NOT NULL, store TEXT NOT NULL, width INTEGER NOT NULL, codes BLOB NOT NULL,
    UNIQUE(generation, doc, modality));
CREATE INDEX vector_codes_of_document ON vector_codes(doc);

-- What is copied to a vector database elsewhere (vector_copies.py): a batch per document and time of writing, at which
-- engine, how many vectors of texts and of images; state is 0 while it is written, 1 when it is there, 2 when it has gone
-- and its vectors are to be deleted.
CREATE TABLE vector_copies(batch INTEGER PRIMARY KEY AUTOINCREMENT, engine TEXT NOT NULL, generation INTEGER NOT NULL,
    doc TEXT NOT NULL, texts INTEGER NOT NULL, images INTEGER NOT NULL, state INTEGER NOT NULL);
CREATE INDEX vector_copies_by_state ON vector_copies(engine, generation, state, doc);
CREATE INDEX vector_copies_of_document ON vector_copies(doc);

-- Families of pictures that show the same: documents whose pictures were compared, and each picture with its 64-bit
-- difference hash and its family, named by the chunk that came first.
CREATE TABLE alike_documents(doc TEXT PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE);
CREATE TABLE alike_pictures(chunk TEXT PRIMARY KEY, hash INTEGER NOT NULL, family TEXT NOT NULL,
    doc TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE);
CREATE INDEX alike_families ON alike_pictures(family);
CREATE INDEX alike_of_document ON alike_pictures(doc);

-- Votes for answers. picture is the file the question came with; docs and cited are JSON lists: ids of the documents
-- that were searched, and [document, page, [x0, y0, x1, y1], kind] of what was cited.
CREATE TABLE feedback(id TEXT PRIMARY KEY, at TEXT NOT NULL, liked INTEGER NOT NULL, question TEXT NOT NULL,
    answer TEXT NOT NULL, picture BLOB, docs TEXT NOT NULL, cited TEXT NOT NULL);

-- Conversations. owner is a word by which the app knows its people; words is the title as it is searched; begun, changed
-- and deleted are UTC in ISO 8601, deleted empty for what is not in the trash; scope is the turn whose picture later
-- questions are about; revision grows with every change of any of them.
CREATE TABLE conversations(id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, words TEXT NOT NULL,
    begun TEXT NOT NULL, changed TEXT NOT NULL, deleted TEXT NOT NULL DEFAULT '', scope TEXT NOT NULL DEFAULT '',
    revision INTEGER NOT NULL);
CREATE INDEX conversations_of_owner ON conversations(owner, deleted, changed);
CREATE INDEX conversations_by_revision ON conversations(revision);
CREATE INDEX conversations_of_owner_by_revision ON conversations(owner, revision);

-- Their turns: words is question and answer as they are searched, kept all of the turn as a JSON object (KeptTurn of
-- conversations.py). It comes last, so that reading the columns before it does not read it.
CREATE TABLE conversation_turns(id TEXT PRIMARY KEY, conversation TEXT NOT NULL
    REFERENCES conversations(id) ON DELETE CASCADE, position INTEGER NOT NULL, at TEXT NOT NULL, words TEXT NOT NULL,
    kept TEXT NOT NULL, UNIQUE(conversation, position));

-- Pictures of turns, each once, by the SHA-256 of type and bytes. name is the number of the citation whose cut-out it
-- is, or "asked" for the question's own.
CREATE TABLE conversation_pictures(id TEXT PRIMARY KEY, type TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE conversation_cutouts(turn TEXT NOT NULL REFERENCES conversation_turns(id) ON DELETE CASCADE,
    name TEXT NOT NULL, picture TEXT NOT NULL REFERENCES conversation_pictures(id),
    PRIMARY KEY(turn, name)) WITHOUT ROWID;
CREATE INDEX conversation_cutouts_of_picture ON conversation_cutouts(picture);

-- Named sets of documents. words is the name as it is compared; created is UTC in ISO 8601. A document is named by its
-- id without being referred to: it stays in its collections while it is read again, or removed and added once more.
CREATE TABLE collections(id TEXT PRIMARY KEY, name TEXT NOT NULL, words TEXT NOT NULL UNIQUE, created TEXT NOT NULL);
CREATE TABLE collection_documents(collection TEXT NOT NULL REFERENCES collections(id) ON DELETE CASCADE,
    doc TEXT NOT NULL, PRIMARY KEY(collection, doc)) WITHOUT ROWID;

-- Who may see a collection and its documents: kind is user, role, token or group, name whose. One that has no row is everybody's;
-- one that is restricted always has the row of the admins, role and admin.
CREATE TABLE collection_rights(collection TEXT NOT NULL REFERENCES collections(id) ON DELETE CASCADE,
    kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY(collection, kind, name)) WITHOUT ROWID;

-- Groups and their members, kind user or token. words is the name as it is compared.
CREATE TABLE user_groups(name TEXT PRIMARY KEY, words TEXT NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TABLE group_members(group_name TEXT NOT NULL REFERENCES user_groups(name) ON DELETE CASCADE,
    kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY(group_name, kind, name)) WITHOUT ROWID;
CREATE INDEX groups_of_member ON group_members(kind, name);

-- Which document came from which file of a watched folder. size, changed (nanoseconds) and device are the file's as it
-- was read; owned is 1 where the document came into the library through this file; state is coming, there or failed,
-- problem why. A file that is replaced has a row for its new content, and one for the old until that has gone.
CREATE TABLE watched(path TEXT NOT NULL, doc TEXT NOT NULL, folder TEXT NOT NULL, size INTEGER NOT NULL,
    changed INTEGER NOT NULL, device INTEGER NOT NULL, owned INTEGER NOT NULL, state TEXT NOT NULL,
    problem TEXT NOT NULL, PRIMARY KEY(path, doc)) WITHOUT ROWID;
CREATE INDEX watched_of_document ON watched(doc);

-- Files that lie in a folder elsewhere or an object store (stored_parts.py): a version per document, part and time of
-- writing. part is "document", a generation's label, or what of these is in the trash; at is UTC in ISO 8601; state is 0
-- while it is written, 1 when it is there, 2 when it has gone and its objects are to be deleted; files is a JSON object
-- of each file's name to its bytes and SHA-256. It comes last, so that reading the columns before it does not read it.
CREATE TABLE stored_parts(version TEXT PRIMARY KEY, doc TEXT NOT NULL, part TEXT NOT NULL, state INTEGER NOT NULL,
    at TEXT NOT NULL, files TEXT NOT NULL);
CREATE INDEX stored_parts_of_document ON stored_parts(doc, part, state);
CREATE INDEX stored_parts_by_state ON stored_parts(state, part, doc);

-- Who may sign in, and the tokens of programs, in the order in which they were made, where several machines share these
-- tables (credentials.py); a library in one folder has both in files of it that only who runs the program can read. kind
-- is users or tokens; hash is a password's by Argon2, empty without one, or a token's SHA-256; created is UTC in ISO 8601.
CREATE TABLE credentials(kind TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL,
    created TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(kind, name)) WITHOUT ROWID;
