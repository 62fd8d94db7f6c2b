"""A language's code in; how questions are worded in it, compiled, and its phrases of answers, from one data file for
each language, out. Knows nothing of evidence, documents or searching."""
