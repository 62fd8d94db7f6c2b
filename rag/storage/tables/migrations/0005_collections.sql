-- Named sets of documents, which the versions before did not have.
CREATE TABLE collections(id TEXT PRIMARY KEY, name TEXT NOT NULL, words TEXT NOT NULL UNIQUE, created TEXT NOT NULL);
CREATE TABLE collection_documents(collection TEXT NOT NULL REFERENCES collections(id) ON DELETE CASCADE,
    doc TEXT NOT NULL, PRIMARY KEY(collection, doc)) WITHOUT ROWID;
