"""A service's name and key in; vectors over HTTP out. Knows nothing of models on this machine."""
