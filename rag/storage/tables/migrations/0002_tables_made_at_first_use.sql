-- Versions 0.1.0 to 0.3.0 all call their schema 1. The first two have neither votes nor families of pictures; 0.3.0 made
-- those tables when something was first written to them, so any of them may be there.
CREATE TABLE IF NOT EXISTS alike_documents(doc TEXT PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE);
CREATE TABLE IF NOT EXISTS alike_pictures(chunk TEXT PRIMARY KEY, hash INTEGER NOT NULL, family TEXT NOT NULL,
    doc TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS alike_families ON alike_pictures(family);
CREATE INDEX IF NOT EXISTS alike_of_document ON alike_pictures(doc);
CREATE TABLE IF NOT EXISTS feedback(id TEXT PRIMARY KEY, at TEXT NOT NULL, liked INTEGER NOT NULL,
    question TEXT NOT NULL, answer TEXT NOT NULL, picture BLOB, docs TEXT NOT NULL, cited TEXT NOT NULL);
