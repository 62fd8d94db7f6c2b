"""A document or the library in; summaries, extracts, what mentions something, and small talk, answered without a
search, out. Knows no ranking."""
