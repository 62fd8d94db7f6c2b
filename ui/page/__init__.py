"""Colours, words and scripts in; the page's own HTML out. Knows no document and no person."""
