"""Vectors of documents in; the same in a vector database elsewhere, to be searched there, out. Knows no question, file
or catalogue."""
