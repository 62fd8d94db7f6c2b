"""Messages with pictures in; a stream of text from a vision model out. Knows nothing of evidence, citations or
stores."""
