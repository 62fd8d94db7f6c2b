"""Settings in; an encoder of texts and pictures into one shared space out. Knows nothing of chunks, stores or
questions."""
