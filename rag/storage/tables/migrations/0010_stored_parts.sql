-- Files that lie in a folder elsewhere or an object store, which the versions before could not.
CREATE TABLE stored_parts(version TEXT PRIMARY KEY, doc TEXT NOT NULL, part TEXT NOT NULL, state INTEGER NOT NULL,
    at TEXT NOT NULL, files TEXT NOT NULL);
CREATE INDEX stored_parts_of_document ON stored_parts(doc, part, state);
CREATE INDEX stored_parts_by_state ON stored_parts(state, part, doc);
