"""A path and limits in; the parsed document out, read page by page in child processes that may hang or die. Knows
nothing of what is read."""
