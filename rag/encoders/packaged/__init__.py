"""Sentence encoders whose weights came with an installed package: texts in, unit vectors out; no download, no torch."""
