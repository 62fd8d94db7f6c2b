-- The inverted index as tables of our own. FTS5's tables are read until all is made anew of the chunks, and then dropped.
CREATE TABLE fulltext_postings(term TEXT NOT NULL, no INTEGER NOT NULL, pages INTEGER NOT NULL, hits BLOB NOT NULL,
    places BLOB NOT NULL, PRIMARY KEY(term, no)) WITHOUT ROWID;
CREATE INDEX fulltext_postings_of_document ON fulltext_postings(no);
