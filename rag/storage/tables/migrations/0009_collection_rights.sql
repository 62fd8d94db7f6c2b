-- Who may see a collection, which everybody could in the versions before.
CREATE TABLE collection_rights(collection TEXT NOT NULL REFERENCES collections(id) ON DELETE CASCADE,
    kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY(collection, kind, name)) WITHOUT ROWID;
