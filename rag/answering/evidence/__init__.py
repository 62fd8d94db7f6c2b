"""Hits in; numbered evidence within a budget, with what stands around it and what it refers to, out. Knows nothing of
who reads it."""
