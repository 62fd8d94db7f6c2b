"""A folder or an address of PostgreSQL in; connections to the tables of a library, made or brought up to date, out.
Knows nothing of what the rows mean."""
