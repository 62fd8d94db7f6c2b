"""A kept conversation in; Markdown, HTML or PDF with its cut-outs out. Knows nothing of indexes or models."""
