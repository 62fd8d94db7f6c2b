"""Folders in; an index that follows them out: files that come, change, move and go. Knows nothing of how documents are
read or asked. Read :mod:`rag.watching.follow` first.
"""
