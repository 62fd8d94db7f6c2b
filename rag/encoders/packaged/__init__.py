"""Weights that an installed package ships in; sentence encoders that run without torch or a download out.

Knows nothing of pictures, hubs or settings.
"""
