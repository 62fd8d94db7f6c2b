"""A parsed document in; drawings, listings and a page for a browser out, for people to see what was understood. Knows
nothing of how it was."""
