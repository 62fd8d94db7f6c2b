"""Characters and lines in; the text that a person would type out: letters, order of writing, hyphens, labels. Knows
nothing of files, regions or tables."""
