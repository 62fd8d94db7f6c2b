"""A sentence and the evidence that it names in; supported, weak or unsupported, with the reason, out. Knows nothing
of markers."""
