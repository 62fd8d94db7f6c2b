-- Conversations, which the versions before kept nowhere. A table of 0.3.0 called turns is no part of this: see version 2.
CREATE TABLE conversations(id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, words TEXT NOT NULL,
    begun TEXT NOT NULL, changed TEXT NOT NULL, deleted TEXT NOT NULL DEFAULT '', scope TEXT NOT NULL DEFAULT '',
    revision INTEGER NOT NULL);
CREATE INDEX conversations_of_owner ON conversations(owner, deleted, changed);
CREATE INDEX conversations_by_revision ON conversations(revision);
CREATE INDEX conversations_of_owner_by_revision ON conversations(owner, revision);
CREATE TABLE conversation_turns(id TEXT PRIMARY KEY, conversation TEXT NOT NULL
    REFERENCES conversations(id) ON DELETE CASCADE, position INTEGER NOT NULL, at TEXT NOT NULL, words TEXT NOT NULL,
    kept TEXT NOT NULL, UNIQUE(conversation, position));
CREATE TABLE conversation_pictures(id TEXT PRIMARY KEY, type TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE conversation_cutouts(turn TEXT NOT NULL REFERENCES conversation_turns(id) ON DELETE CASCADE,
    name TEXT NOT NULL, picture TEXT NOT NULL REFERENCES conversation_pictures(id),
    PRIMARY KEY(turn, name)) WITHOUT ROWID;
CREATE INDEX conversation_cutouts_of_picture ON conversation_cutouts(picture);
