"""A question, a picture or both in; hits with page and box, best first, out. Knows nothing of answers."""
