"""Files in, and from a queue in PostgreSQL by any number of worker processes into the index; how far each is, out.
Knows nothing of questions, pages of the app or how a file is read.
"""
