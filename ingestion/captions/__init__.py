"""Blocks of a page in; figures and tables with their captions, titles, parts and mentions out. Knows nothing of files
or pixels."""
