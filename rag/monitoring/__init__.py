"""What happens in the program in: which request, which stage, how long; lines of a log, counts and spans for those who
watch it out. Knows nothing of documents, questions or answers, and sends nothing unless it was told where to."""
