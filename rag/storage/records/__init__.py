"""Documents, chunks, conversations, collections, votes and rights in; the same as rows of one library, whole and at
one moment, out. Knows no vectors, and no files but by name."""
