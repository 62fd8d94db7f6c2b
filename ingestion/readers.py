"""Who reads a file's pages: what is heard and seen in time, or what stands on pages."""

from __future__ import annotations

from pathlib import Path

from ingestion.formats.detect import format_of
from ingestion.page_content import ParseOptions
from ingestion.page_reader import PageReader
from ingestion.recordings.reader import RecordingReader


def open_reader(path: Path, out: Path, options: ParseOptions) -> PageReader | RecordingReader:
    """Raises an :class:`~ingestion.errors.IngestionError` where the file cannot be opened or is of no kind that is
    read."""
    kind = PageReader if format_of(path).reader != "recording" else RecordingReader
    return kind(path, out, options)
