"""Text with markers in; checked citations, each narrowed to its place on the page, out. Knows nothing of how the text
came about."""
