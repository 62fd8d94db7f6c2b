"""A document or the library in; summaries, extracts and small talk, answered without a search, out. Knows no
ranking."""
