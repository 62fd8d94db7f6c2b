"""Words, rules and regions of a page in; tables as placed cells and as Markdown out. Knows nothing of files, captions
or chunks."""
