-- The catalogue of an index as version 2 of the schema has it: what a new index is made with.
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
CREATE TABLE fulltext_vocabulary(term TEXT NOT NULL, no INTEGER NOT NULL, pages INTEGER NOT NULL,
    count INTEGER NOT NULL, PRIMARY KEY(term, no)) WITHOUT ROWID;
CREATE INDEX fulltext_units_of_chunk ON fulltext_units(chunk);
CREATE INDEX fulltext_vocabulary_of_document ON fulltext_vocabulary(no);
CREATE VIRTUAL TABLE fulltext_index USING fts5(words, context,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co' tokenchars '.,'");

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
