"""Pixels of a page in; regions that are figures, and their crops out. Knows nothing of text or tables."""
