"""What reading one page is asked for and what it leaves: options, and the page's content as values without pictures.

Small and picklable: these values go to child processes and come back. Pictures are files by then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ingestion.blocks import Block
from ingestion.callouts.labels import Label
from ingestion.callouts.legends import Legend
from ingestion.elements import Page, PageProblem
from ingestion.ocr.models import OcrMode, Script, normal
from ingestion.text.hyphenation import NO_BREAKS, Breaks

PARSER_VERSION = "21"
"""Part of an index's fingerprint: raise it when the same bytes give other elements or chunks."""

Depth = Literal["whole", "plain", "size"]

DEPTHS: tuple[Depth, ...] = ("whole", "plain", "size")


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """How to parse one document.

    ``ocr``: "auto" reads what has no usable native text, "off" nothing, "always" every page anew.
    """

    ocr: OcrMode = "auto"
    password: str | None = None
    max_pages: int = 5000
    max_paths: int = 20_000  # drawn on a page; beyond them layout takes minutes, and only text and picture are kept
    max_pixels: int = 16_000_000  # of a page's picture; a larger page gets a coarser one
    ocr_language: str = "auto"  # what scans are written in
    ocr_models: str = ""  # folder with the model of a language that the engine's own do not read
    pages: tuple[int, int] | None = None  # first and last to read; None: all
    transcriber: str = ""  # folder of the Whisper model that hears recordings; empty: only subtitles are read
    sounds: str = ""  # folder of the CLAP model that names sounds of recordings; empty: none does

    @property
    def script(self) -> Script:
        """What scans are written in, as the engine wants it."""
        return Script(normal(self.ocr_language), self.ocr_models.strip())

    def wanted(self, count: int) -> range:
        """Numbers of the pages to read of a file with ``count``."""
        first, last = self.pages or (1, count)
        return range(max(1, first), min(last, count) + 1)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a page with its crop.

    ``image`` is the crop's path below the document's folder. Of a figure, ``fingerprint`` is the difference hash of its
    picture (64 bits) and ``words`` is the native text in it, without what OCR read; ``labels`` stand alone in it, and
    ``beside`` are the words next to one that has none.
    """

    block: Block
    image: str | None = None
    fingerprint: int | None = None
    words: str = ""
    labels: tuple[Label, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class PageContent:
    """What reading one page leaves. Small and picklable; pictures are already files.

    ``title`` is what the file's properties say, on its first page only. ``upright``: text runs to the right on the page
    as displayed, so that "beside" and "below" mean what they say. ``breaks``: words with hyphens, in lines and at their
    ends. ``legends``: its lists of keys and what they stand for.
    """

    page: Page
    pieces: tuple[Piece, ...] = ()
    problems: tuple[PageProblem, ...] = ()
    title: str = ""
    upright: bool = True
    breaks: Breaks = NO_BREAKS
    legends: tuple[Legend, ...] = ()


def degraded(problem: PageProblem, content: PageContent | None = None, depth: Depth | None = None) -> PageContent:
    """A page that could not be read whole, with the ``problem`` that says why.

    What is kept of it is the ``content`` of a lesser ``depth``; without one it is an empty page in US letter.
    """
    kept = {"plain": "only its text and picture are kept", "size": "only its size is kept"}.get(
        depth or "", "it is lost"
    )
    content = content or PageContent(Page(problem.page, 612.0, 792.0, 0))
    said = replace(problem, message=f"{problem.message} ({kept})")
    return replace(content, problems=(said, *content.problems))
