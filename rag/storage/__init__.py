"""Documents, nodes and votes in; the same from disk, whole, at one moment, or as vectors and terms to search out.
Knows nothing of parsing, questions or answers."""
