"""A page or picture that shows text it does not hold in; its lines out. Knows nothing of captions, tables or
chunks."""
