"""A document's id in; what a person reads of it – pages, lines, headings, places of words, figures and tables – out.
Knows nothing of questions, answers or how a page is shown."""
