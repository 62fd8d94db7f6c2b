"""Plain text in; terms, sentences, rows and token estimates out. Knows nothing of where texts come from."""
