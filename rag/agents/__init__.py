"""Calls of agents by the Model Context Protocol in; text, pictures and structured results out. Knows no page, and
nothing of how documents are kept or answers made. The only package that imports the protocol's SDK, which takes seconds
to load.
"""
