"""Characters and lines in; clean text out: letters, order of writing, hyphens, numbers of captions. Knows nothing of
files, regions or tables."""
