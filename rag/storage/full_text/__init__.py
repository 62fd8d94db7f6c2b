"""Words of pages in; the pages that hold the words of a question, and the words of a page as numbers for ranking,
out. Knows no vectors or files."""
