"""Evidence in; what a model is shown of it, and its reply, out. Knows nothing of the wire."""
