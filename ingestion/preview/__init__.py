"""A parsed document in; drawings, listings and a page for a browser out, so that people see what was understood. Knows
nothing of how it was read."""
