"""Pictures of pages alone, as :mod:`ingestion.page_reader` draws them: for files whose pictures were lost.

A reader for a child process, like :class:`ingestion.page_reader.PageReader`. Pages are kept without loss
(``0003.png``), since cut-outs are made of them.
"""

from __future__ import annotations

from pathlib import Path

from ingestion.elements import Page
from ingestion.page_content import Depth, PageContent, ParseOptions
from ingestion.page_reader import DPI
from ingestion.pdf.document import Pdf
from ingestion.workers.redraw import picture_file

FAST = 1  # zlib's level


class PagePictures:
    """Draws single pages of one document into ``out``. A context manager; ``count`` is the number of pages."""

    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        """Raises an :class:`~ingestion.errors.IngestionError` where the file cannot be opened."""
        self.pdf = Pdf(path, options.password)
        self.out, self.options, self.count = out, options, self.pdf.count

    def __enter__(self) -> PagePictures:
        return self

    def __exit__(self, *exc: object) -> None:
        self.pdf.close()

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        """Draw page ``number`` (from 1) as it is displayed; of the content only its size is said."""
        page = self.pdf.page(number)
        page.stand_upright()
        render = page.render(DPI, self.options.max_pixels)
        render.rotate(90 * page.turned, expand=True).save(self.out / picture_file(number), compress_level=FAST)
        return PageContent(Page(number, round(page.size[0], 2), round(page.size[1], 2), page.rotation))
