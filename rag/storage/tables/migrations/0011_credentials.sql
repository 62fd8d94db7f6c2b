-- Who may sign in where several machines share the tables, which the versions before had in files of their folders.
CREATE TABLE credentials(kind TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL,
    created TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(kind, name)) WITHOUT ROWID;
