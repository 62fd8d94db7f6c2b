"""What the PDF library does for a whole document and we need for one page: its layout function, held to that page.

Everything that changes the library's own functions stands here (pymupdf4llm 2.0, 2026-11); text pages are put right in
:mod:`ingestion.pdf.text_pages`, characters of tables are made in :mod:`ingestion.pdf.table_chars`, networks run by
:mod:`ingestion.pdf.networks`, loops answered in :mod:`ingestion.pdf.quick_loops`, letters' styles told in
:mod:`ingestion.pdf.styled_pages`. ``parse_document``

- collects the outline and the form fields of the whole document at every call: on a book of 1,000 pages read one by one
  that is 1,000 times; both are replaced by nothing,
- reads what is drawn instead of the text that the file gives for it (ActualText), unlike everything else here,
- changes the document, so that every reader needs a handle of its own,
- prints to stdout, which belongs to the answers of the process, so that is diverted.
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from typing import Any

import pymupdf

from ingestion.pdf.networks import use_quick_networks
from ingestion.pdf.quick_loops import use_quick_loops
from ingestion.pdf.styled_pages import use_quick_styles
from ingestion.pdf.table_chars import use_quick_chars


def layout_regions(doc: pymupdf.Document, index: int, *, html_tables: bool) -> list[Any]:
    """The regions of page ``index`` (from 0) in reading order, as objects of the library.

    ``html_tables``: tables as the library's HTML engine finds them; otherwise as the grid of its layout model. Raises
    whatever the models raise on odd pages.
    """
    with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymupdf4llm.helpers import document_layout

        document_layout.FLAGS &= ~pymupdf.TEXT_IGNORE_ACTUALTEXT
        use_quick_chars()
        use_quick_networks()
        use_quick_loops()
        use_quick_styles()
        document_layout.utils.extract_form_fields_with_pages = _nothing
        doc.get_toc = _nothing
        parsed = document_layout.parse_document(
            doc, pages=[index], use_ocr=0, render_html_tables=html_tables, force_text=True
        )
    return list(parsed.pages[0].boxes)


def _nothing(*_: object, **__: object) -> dict[str, object]:
    return {}
