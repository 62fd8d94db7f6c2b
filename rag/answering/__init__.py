"""A question and hits in; a streamed answer whose citations were checked against their evidence out. Knows nothing of
how evidence is found or stored."""
