"""Originals, page pictures, cut-outs and arrays of documents in; the same from the disk or an object store, with a
cache, out. Knows nothing of what is in them."""
