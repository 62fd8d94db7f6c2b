-- Files of watched folders, which the versions before did not have.
CREATE TABLE watched(path TEXT NOT NULL, doc TEXT NOT NULL, folder TEXT NOT NULL, size INTEGER NOT NULL,
    changed INTEGER NOT NULL, device INTEGER NOT NULL, owned INTEGER NOT NULL, state TEXT NOT NULL,
    problem TEXT NOT NULL, PRIMARY KEY(path, doc)) WITHOUT ROWID;
CREATE INDEX watched_of_document ON watched(doc);
