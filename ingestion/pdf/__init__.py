"""A file opened by the PDF library in; upright pages with words, lines, layout boxes and renders out. Knows nothing of
recognised text, captions or chunks."""

import ingestion.onnx_threads  # noqa: F401  before the library, which loads its layout models when it is imported
from ingestion.pdf.sessions import handed_to_the_library

with handed_to_the_library():
    import pymupdf  # noqa: F401
