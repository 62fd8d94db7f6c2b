"""A Word file in; the same file with fields, numbers, shapes and equations where its reader, mammoth, finds them out.
Knows nothing of pages."""
