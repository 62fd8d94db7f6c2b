"""The recipe for a file: a PDF to a :class:`Document`. Pages are read one by one, then joined.

    document = parse_pdf(Path("manual.pdf"), Path("out"))       # page pictures and cut-outs are written below out/

reads in this process and without limits; :func:`ingestion.workers.parse.parse_in_worker` does the same in child
processes that may hang or die.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingestion.assemble import assemble
from ingestion.elements import Document, PageProblem
from ingestion.errors import IngestionError
from ingestion.page_content import DEPTHS, PARSER_VERSION, PageContent, ParseOptions, degraded
from ingestion.page_reader import PageReader
from ingestion.readers import open_reader
from ingestion.recordings.reader import RecordingReader

__all__ = [
    "PARSER_VERSION",
    "PageContent",
    "PageReader",
    "ParseOptions",
    "assemble",
    "parse_pdf",
]

ReadProgress = Callable[[str, int, int], None]


def parse_pdf(
    path: Path,
    out: Path,
    options: ParseOptions = ParseOptions(),  # noqa: B008
    progress: ReadProgress | None = None,
) -> Document:
    """Parse in this process. Raises :class:`IngestionError` for the file; a page that fails is a recorded problem."""
    contents: list[PageContent] = []
    with open_reader(path, out, options) as reader:
        wanted = options.wanted(reader.count)
        for done, number in enumerate(wanted, 1):
            contents.append(_read(reader, number))
            if progress:
                progress("reading", done, len(wanted))
    return assemble(path, contents)


def _read(reader: PageReader | RecordingReader, number: int) -> PageContent:
    """A page, or as much of it as can be read."""
    problem: PageProblem | None = None
    for depth in DEPTHS:
        try:
            content = reader.read(number, depth)
        except IngestionError as exc:
            problem = problem or PageProblem(number, "read", str(exc))
        else:
            return degraded(problem, content, depth) if problem else content
    assert problem is not None
    return degraded(problem)
