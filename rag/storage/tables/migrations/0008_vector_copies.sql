-- What is copied to a vector database elsewhere, which the versions before could not.
CREATE TABLE vector_copies(batch INTEGER PRIMARY KEY AUTOINCREMENT, engine TEXT NOT NULL, generation INTEGER NOT NULL,
    doc TEXT NOT NULL, texts INTEGER NOT NULL, images INTEGER NOT NULL, state INTEGER NOT NULL);
CREATE INDEX vector_copies_by_state ON vector_copies(engine, generation, state, doc);
CREATE INDEX vector_copies_of_document ON vector_copies(doc);
