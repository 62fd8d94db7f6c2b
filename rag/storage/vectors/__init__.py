"""Vectors of documents in; kept on disk, and those nearest to a question, exactly or by codes, a graph or a database
elsewhere, out. Knows nothing of what was embedded."""
