"""A Word file in; the same with fields, numbers, shapes and equations where mammoth reads them out. Knows nothing of
pages."""
