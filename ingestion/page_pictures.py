"""Pictures of pages alone, as :mod:`ingestion.page_reader` draws them: for files whose pictures were lost.

A reader for a child process, like :class:`ingestion.page_reader.PageReader`. Pages are kept without loss
(``0003.png``), since cut-outs are made of them.
"""

from __future__ import annotations

from pathlib import Path

from ingestion.elements import Page
from ingestion.formats.detect import format_of
from ingestion.geometry import POINTS_PER_INCH
from ingestion.page_content import Depth, PageContent, ParseOptions
from ingestion.page_reader import DPI
from ingestion.pdf.document import Pdf
from ingestion.recordings.reader import RecordingReader
from ingestion.workers.redraw import picture_file

FAST = 1  # zlib's level


class PagePictures:
    """Draws single pages of one document into ``out``. A context manager; ``count`` is the number of pages."""

    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        """Raises an :class:`~ingestion.errors.IngestionError` where the file cannot be opened."""
        self.out, self.options = out, options
        recorded = format_of(path).reader == "recording"
        self._source = RecordingReader(path, out, options) if recorded else Pdf(path, options.password)
        self.count = self._source.count

    def __enter__(self) -> PagePictures:
        return self

    def __exit__(self, *exc: object) -> None:
        self._source.close()

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        """Draw page ``number`` (from 1) as it is displayed; of the content only its size is said."""
        if isinstance(self._source, RecordingReader):
            picture = self._source.picture(number)
            picture.save(self.out / picture_file(number), compress_level=FAST)
            scale = POINTS_PER_INCH / DPI
            return PageContent(Page(number, round(picture.width * scale, 2), round(picture.height * scale, 2), 0))
        page = self._source.page(number)
        page.stand_upright()
        render = page.render(DPI, self.options.max_pixels)
        render.rotate(90 * page.turned, expand=True).save(self.out / picture_file(number), compress_level=FAST)
        return PageContent(Page(number, round(page.size[0], 2), round(page.size[1], 2), page.rotation))
