"""A piece of evidence in; the sentences, rows, steps and lists that can be quoted of it out. Knows nothing of what is
asked."""
