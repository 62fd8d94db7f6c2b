-- Codes by which the vectors of a large library are searched in memory; made of the arrays when something is added.
CREATE TABLE vector_codes(id INTEGER PRIMARY KEY AUTOINCREMENT,
    generation INTEGER NOT NULL REFERENCES generations(id) ON DELETE CASCADE,
    doc TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE, modality TEXT NOT NULL, rows INTEGER NOT NULL,
    first INTEGER NOT NULL, total INTEGER NOT NULL, store TEXT NOT NULL, width INTEGER NOT NULL, codes BLOB NOT NULL,
    UNIQUE(generation, doc, modality));
CREATE INDEX vector_codes_of_document ON vector_codes(doc);
