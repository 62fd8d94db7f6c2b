"""Any file in; what it is, and what is no PDF as one (Office files, web pages, e-books, pictures) out. Knows nothing
of pages' layout."""
