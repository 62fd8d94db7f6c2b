"""The recipe for a page of a recording: its key frames and what is said, drawn as a page and read from it.

A reader for a child process, like :class:`ingestion.page_reader.PageReader`. A page is a stretch of time of a minute at
most; its label says which (``03:20–04:20``). Words come from a file of subtitles beside the recording, else from its
own track of them, else from a transcriber that the options name; without any a film has its frames alone. Where the
options name a model of sounds, what else is heard stands between the words.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from ingestion.blocks import Block, Line
from ingestion.elements import Page, PageProblem, lines_file
from ingestion.errors import LimitExceeded, NoPages, UnreadableFile
from ingestion.formats.detect import format_of
from ingestion.geometry import rounded
from ingestion.ocr.pages import recognise_picture
from ingestion.page_content import Depth, PageContent, ParseOptions, Piece
from ingestion.pdf.drawn_page import SIZE, DrawnPage, Row, drawn
from ingestion.recordings.container import Frame, Recording, read_subtitles, subtitle_file
from ingestion.recordings.cues import SUBTITLES_KEPT, Cue, Span, around, clock, passages, spans, within
from ingestion.recordings.scenes import key_frames
from ingestion.recordings.sounds import Sounds
from ingestion.recordings.sounds import check as check_sounds
from ingestion.recordings.transcriber import Transcriber, check

DPI = 144.0  # of the page's picture, as of other pages
JPEG_PAGE, JPEG_FRAME = 85, 90
NEAR = 6.0  # seconds around a frame: what is said then is about what it shows
OVERLAP = 2.0  # seconds of sound before and after a page that are heard, too: a word may stand on the border
SHORT_NAME = 3  # characters up to which a name is no title


class _Seen(NamedTuple):
    """What a page is drawn of; ``cues`` are what is said and heard, ``passages`` the same as it is read at once."""

    span: Span
    frames: list[Frame]
    cues: list[Cue]
    passages: list[Cue]
    drawn: DrawnPage


class RecordingReader:
    """Reads single pages of one recording and writes ``pages/NNNN.jpg`` and ``crops/*.jpg`` below ``out``.

    A context manager. ``count`` is the number of pages.
    """

    def __init__(self, path: Path, out: Path, options: ParseOptions) -> None:
        """Raises an :class:`IngestionError` where the file cannot be opened, or says nothing that could be read."""
        self.path, self.out, self.options = path, out, options
        self.recording = Recording(path, format_of(path).name, options.max_pixels)
        try:
            self._cues = self._subtitles()
            self._spans = spans(self.recording.duration, self._cues or [])
            self.count = len(self._spans)
            self._check()
        except BaseException:
            self.close()
            raise
        (out / "pages").mkdir(parents=True, exist_ok=True)
        (out / "crops").mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> RecordingReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.recording.close()

    def read(self, number: int, depth: Depth = "whole") -> PageContent:
        """Page ``number`` (from 1): the whole of it; without a transcriber and OCR; or only its size."""
        span = self._spans[number - 1]
        if depth == "size":
            return PageContent(Page(number, 595.0, 842.0, 0, label=span.label))
        seen = self._seen(number, whole=depth == "whole")
        page = seen.drawn.page
        image = f"pages/{number:04d}.jpg"
        page.render(DPI, self.options.max_pixels).save(self.out / image, quality=JPEG_PAGE)
        shown, problems, read = self._frames(seen, number, depth == "whole" and self.options.ocr != "off")
        said = [
            Piece(Block("text", box, cue.text, font_size=SIZE))
            for box, cue in zip(seen.drawn.rows, seen.passages, strict=True)
        ]
        lines = [(line.text, *rounded(line.bbox)) for line in [*page.lines(), *read]]
        (self.out / lines_file(number)).write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")
        info = Page(number, round(page.width, 2), round(page.height, 2), 0, image, span.label)
        first = number == 1
        known = [PageProblem(0, "open", text) for text in (self._wordless(),) if text and first]
        return PageContent(info, (*shown, *said), (*known, *problems), self._title() if first else "")

    def picture(self, number: int) -> Image.Image:
        """The picture of a page alone, as :meth:`read` draws it."""
        return self._seen(number, whole=True).drawn.page.render(DPI, self.options.max_pixels)

    def _seen(self, number: int, whole: bool) -> _Seen:
        span = self._spans[number - 1]
        cues = within(self._cues, span) if self._cues is not None else self._heard(span) if whole else []
        frames = key_frames(self.recording.frames(span, quick=not whole))
        heard = self._sounds(span) if whole else []
        said = sorted([*passages(cues), *heard], key=lambda cue: cue.start)
        rows = [Row(clock(cue.start), cue.text) for cue in said]
        head = f"{self.path.name}  ·  {span.label}"
        page = drawn(number, span.label, head, [frame.picture for frame in frames], rows)
        return _Seen(span, frames, [*cues, *heard], said, page)

    def _heard(self, span: Span) -> list[Cue]:
        if not self.options.transcriber or not self.recording.has_sound:
            return []
        wide = Span(max(0.0, span.start - OVERLAP), min(self.recording.duration, span.end + OVERLAP))
        found = Transcriber(self.options.transcriber).cues(self.recording.sound(wide), wide.start)
        last = span.end >= self.recording.duration
        return within(found, Span(span.start, span.end + OVERLAP if last else span.end))

    def _sounds(self, span: Span) -> list[Cue]:
        if not self.options.sounds or not self.recording.has_sound:
            return []
        model = Sounds(self.options.sounds)
        return model.cues(self.recording.sound(span, model.rate), span.start)

    def _frames(self, seen: _Seen, number: int, reads: bool) -> tuple[list[Piece], list[PageProblem], list[Line]]:
        """The frames as figures, cut out as they are in the film; what is written in them, and what could not be."""
        pieces, problems, lines = list[Piece](), list[PageProblem](), list[Line]()
        for place, (frame, box) in enumerate(zip(seen.frames, seen.drawn.pictures, strict=True)):
            image = f"crops/{number:04d}-{place:03d}.jpg"
            frame.picture.convert("RGB").save(self.out / image, quality=JPEG_FRAME)
            words: Sequence[Line] = ()
            if reads:
                words, unread = recognise_picture(frame.picture, box, number, self.options.script)
                problems += unread
                lines += words
            block = Block("figure", box, "\n".join(line.text for line in words), caption=_caption(frame), body=box)
            pieces.append(Piece(block, image, beside=around(seen.cues, frame.moment, NEAR)))
        return pieces, problems, lines

    def _subtitles(self) -> list[Cue] | None:
        """What is written down of what is said; None where nothing is."""
        beside = subtitle_file(self.path)
        if beside is None:
            return self.recording.subtitles() or None
        cues = read_subtitles(beside)
        _keep(cues, self.out / SUBTITLES_KEPT)
        return cues

    def _check(self) -> None:
        name, most, pages = self.path.name, self.options.max_pages, len(self.options.wanted(self.count))
        if pages > most:
            raise LimitExceeded(
                f"{name} lasts {clock(self.recording.duration)}: {pages} pages, each a minute at most, more than the "
                f"limit of {most}; raise PAGESIGHT_MAX_PAGES, or cut it"
            )
        if not pages:
            raise NoPages(f"{name} has {self.count} pages, none of those asked for; ask for others")
        if self.options.sounds and self.recording.has_sound:
            check_sounds(self.options.sounds)
        if self._cues is None and self.options.transcriber and self.recording.has_sound:
            check(self.options.transcriber)
        elif self._cues is None and not self.recording.has_frames and not self.options.sounds:
            raise UnreadableFile(f"{name} is sound alone, and {self._wordless()}")

    def _wordless(self) -> str:
        """Why nothing of what is said is known, and the remedy; empty where it is."""
        if self._cues is not None or self.options.transcriber or not self.recording.has_sound:
            return ""
        ending = f"{self.path.stem}.srt"
        return (
            f"nothing of what is said in it is known: lay subtitles beside it ({ending}), or set PAGESIGHT_TRANSCRIBER "
            "to the folder of a Whisper model (docs/media.md), and add it again"
        )

    def _title(self) -> str:
        stem = self.path.stem
        return self.recording.title or (stem if len(stem) > SHORT_NAME else f"Recording {stem}")


def _caption(frame: Frame) -> str:
    return f"Frame at {clock(frame.moment)}"


def _keep(cues: Sequence[Cue], path: Path) -> None:
    """Write subtitles down, whole or not at all: several processes may do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = [f"{_stamp(cue.start)} --> {_stamp(cue.end)}\n{cue.text}\n" for cue in cues]
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_text("\n".join(["WEBVTT\n", *blocks]), encoding="utf-8")
    part.replace(path)


def _stamp(seconds: float) -> str:
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(int(minutes), 60)
    return f"{hours:02d}:{minute:02d}:{second:06.3f}"
