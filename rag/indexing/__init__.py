"""Files in; parsed, embedded and committed documents, and index generations out. Knows nothing of questions."""
