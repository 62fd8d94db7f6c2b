"""Any file in; its kind, and what the PDF library can make pages of (HTML of Office files, web pages and e-books;
pictures) out. Knows nothing of pages' layout."""
