"""The picture of a page in; the lines of text that it shows and the file does not hold out. Knows nothing of captions,
tables or chunks."""
