"""Hits in; numbered evidence within a budget, with what stands around it, what it refers to and codes that were asked
for and not found, out. Knows nothing of who reads it."""
