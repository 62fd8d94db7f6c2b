"""Lines and layout boxes of a page in; their kinds, order, headings, margins and lists out. Knows nothing of the PDF
library, captions or chunks."""
