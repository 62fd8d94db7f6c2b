"""Folders in; the index follows them: files that come, change, move and go. Knows nothing of how documents are read or
asked. Read :mod:`rag.watching.follow` first.
"""
