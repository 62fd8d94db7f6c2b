"""Films and recordings, opened by PyAV (FFmpeg's libraries): how long they are, their subtitles, frames and sound.

The kind of file is the one that :mod:`ingestion.formats.detect` has seen in its bytes, and no other reader of the
library is asked: a list of addresses that is called ``film.mp4`` is none. Nothing but the file itself is opened.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image

from ingestion.errors import CorruptPdf, NotAPdf
from ingestion.formats.html import decoded
from ingestion.recordings.cues import SUBTITLES_KEPT, Cue, Span
from ingestion.text.cleaning import clean

if TYPE_CHECKING:
    from numpy.typing import NDArray

SUBTITLES = {".srt": "srt", ".vtt": "webvtt"}
"""Files of subtitles that may lie beside a recording: the ending to what the library calls the kind."""

WORDS = ("mov_text", "subrip", "webvtt", "ass", "ssa", "text")  # kinds of subtitles that are text and no pictures
RATE = 16_000  # samples of sound per second, as transcribers want them
OFTEN = 6.0  # seconds: where key frames are further apart, all frames are decoded and looked at …
EVERY = 0.5  # … every so many seconds
SMALL = 32  # side of the picture by which frames are compared
LARGEST_SIDE = 1600  # pixels of a frame that is kept
FEWEST_BYTES = 2000.0  # of a second that are believed: speech at 16,000 bits a second
ODDEST = 10.0  # times that a pixel may be wider than high, or higher than wide: beyond that the file is wrong
LARGEST_SUBTITLES = 20_000_000  # bytes of a file of subtitles: a hundred times a long film's
_STYLES = re.compile(r"(?<!\\)\{[^}]*\}|</?(?:b|c|font|i|lang|rt|ruby|s|u|v)(?:[ .][^<>]*)?>", re.IGNORECASE)
"""FFmpeg makes braces of most tags; what else is left between < and > is said."""
_BRACES = re.compile(r"\\(?=[{}])")
FIELDS = 8  # of an event before its text, in FFmpeg's ASS; PyAV's own reading of the text takes { for a mark
_BREAKS = re.compile(r"\\[Nnh]|\s+")


class Frame(NamedTuple):
    """A frame of a film: its moment in seconds, how it looks, and its picture made small, for comparing."""

    moment: float
    picture: Image.Image
    small: NDArray[np.float32]


class Recording:
    """An open file; ``kind`` is the library's name of its format. A context manager. Not thread-safe.

    ``duration`` in seconds. Raises an :class:`~ingestion.errors.IngestionError` that names the file and the remedy.
    """

    def __init__(self, path: Path, kind: str, max_pixels: int) -> None:
        self.path = path
        self._av = _library(path)
        options = {"protocol_whitelist": "file", "format_whitelist": kind}
        with self._errors():
            self._container = self._av.open(str(path), format=kind, options=options)
        try:
            with self._errors():
                video = [one for one in self._container.streams.video if not _is_cover(one)]
                self._video, self._audio = next(iter(video), None), next(iter(self._container.streams.audio), None)
                if self._video is not None:
                    self._video.codec_context.options = {"max_pixels": str(max_pixels)}
                    self._video.thread_type = "AUTO"
                self._begins = (self._container.start_time or 0) / self._av.time_base
                self.duration = self._length()
        except BaseException:
            self.close()
            raise
        if (self._video is None and self._audio is None) or self.duration <= 0:
            self.close()
            raise CorruptPdf(f"{path.name} holds neither pictures nor sound that can be played; export it again")

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    @property
    def has_frames(self) -> bool:
        """Whether there is a film, and not sound alone (a cover picture is no film)."""
        return self._video is not None

    @property
    def has_sound(self) -> bool:
        """Whether anything can be heard."""
        return self._audio is not None

    @property
    def title(self) -> str:
        """What the file calls itself; often empty."""
        return str(self._container.metadata.get("title", "")).strip()

    def subtitles(self) -> list[Cue]:
        """The words of its own track of subtitles: of the one that is shown by default, else the first."""
        tracks = [one for one in self._container.streams.subtitles if one.codec_context.codec.canonical_name in WORDS]
        tracks.sort(key=lambda one: not one.disposition & self._av.stream.Disposition.default)
        if not tracks:
            return []
        with self._errors():
            self._container.seek(self._container.start_time or 0)
            return [cue for packet in self._container.demux(tracks[0]) for cue in _cues(packet, self._begins)]

    def frames(self, span: Span, quick: bool = False) -> Iterator[Frame]:
        """Frames that may begin a scene: key frames, or where those are rare and it need not be ``quick``, one every
        half second."""
        if self._video is None:
            return
        moments = [span.start, *(moment for moment, _ in self._decoded(span, "NONKEY")), span.end]
        often = quick or max(b - a for a, b in pairwise(moments)) <= OFTEN
        last = -EVERY
        for moment, frame in self._decoded(span, "NONKEY" if often else "DEFAULT"):
            if often or moment - last >= EVERY:
                last = moment
                with self._errors():
                    picture = _upright(frame, float(self._video.sample_aspect_ratio or 1))
                small = picture.convert("RGB").resize((SMALL, SMALL), Image.Resampling.BOX)
                yield Frame(moment, picture, np.asarray(small, dtype=np.float32))

    def _decoded(self, span: Span, skipped: str) -> Iterator[tuple[float, Any]]:
        """Frames from the first moment of a span to its last."""
        assert self._video is not None
        with self._errors():
            self._seek(self._video, span.start)
            self._video.codec_context.skip_frame = skipped
            for frame in self._container.decode(self._video):
                if frame.time is None:
                    continue
                moment = float(frame.time) - self._begins
                if moment >= span.end:
                    return
                if moment >= span.start - 1e-3:
                    yield max(moment, span.start), frame

    def sound(self, span: Span, rate: int = RATE) -> NDArray[np.float32]:
        """The sound of a stretch of time: one channel, ``rate`` samples a second, from -1 to 1."""
        if self._audio is None:
            return np.zeros(0, dtype=np.float32)
        resampler = self._av.AudioResampler(format="s16", layout="mono", rate=rate)
        parts: list[NDArray[np.int16]] = []
        first: float | None = None
        with self._errors():
            self._seek(self._audio, span.start)
            for frame in self._container.decode(self._audio):
                moment = float(frame.time or 0.0) - self._begins
                if moment >= span.end:
                    break
                first = moment if first is None else first
                frame.pts = None  # the resampler would fill gaps
                parts += [one.to_ndarray().ravel() for one in resampler.resample(frame)]
        whole = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int16)
        heard: NDArray[np.float32] = whole.astype(np.float32) / np.float32(32768)
        before = round((span.start - (first or 0.0)) * rate)
        heard = heard[before:] if before > 0 else np.concatenate([np.zeros(-before, dtype=np.float32), heard])
        return heard[: round((span.end - span.start) * rate)]

    def _seek(self, stream: Any, moment: float) -> None:
        """To the last key frame of a stream before a moment."""
        offset = round((moment + self._begins) / stream.time_base)
        self._container.seek(max(offset, stream.start_time or 0), stream=stream)

    def _length(self) -> float:
        """As the file says. One that does not, as browsers record them, or says more than can be in so few bytes, is
        read to its end for it."""
        said = float((self._container.duration or 0) / self._av.time_base)
        if 0 < said <= self.path.stat().st_size / FEWEST_BYTES:
            return said
        last, begins = 0.0, float(self._begins)
        for packet in self._container.demux(self._video or self._audio):
            if packet.pts is not None and packet.time_base is not None:
                last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        return last - begins

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Those of the library, once, here."""
        try:
            yield
        except self._av.error.FFmpegError as exc:
            said = str(getattr(exc, "strerror", "") or exc)
            raise CorruptPdf(f"{self.path.name} is damaged, or of a kind that cannot be played ({said}); export it "
                             "again, best as MP4 or MP3") from exc  # fmt: skip


def subtitle_file(path: Path) -> Path | None:
    """The subtitles that lie beside a recording: ``film.srt`` or ``film.de.vtt`` for ``film.mp4``; or those that were
    kept with it in the folder of its document."""
    beside = [path.with_suffix(ending) for ending in SUBTITLES] + [path.with_name(SUBTITLES_KEPT)]
    stem = f"{path.stem}."
    with contextlib.suppress(OSError):
        others = sorted(path.parent.iterdir()) if not any(one.is_file() for one in beside) else []
        beside += [o for o in others if o.suffix.lower() in SUBTITLES and o.name.startswith(stem)]
    return next((one for one in beside if one.is_file()), None)


def read_subtitles(path: Path) -> list[Cue]:
    """The cues of a file of subtitles. Raises :class:`CorruptPdf` naming it."""
    av = _library(path)
    with path.open("rb") as file:
        content = file.read(LARGEST_SUBTITLES + 1)
    if len(content) > LARGEST_SUBTITLES:
        raise CorruptPdf(f"{path.name} is larger than {LARGEST_SUBTITLES // 1_000_000} MB and no file of subtitles")
    kind = SUBTITLES[path.suffix.lower()]
    words = decoded(content).replace("\r\n", "\n").encode()
    try:
        with av.open(io.BytesIO(words), format=kind, options={"format_whitelist": kind}) as container:
            found = [cue for packet in container.demux(container.streams.subtitles[0]) for cue in _cues(packet, 0.0)]
    except (av.error.FFmpegError, IndexError) as exc:
        raise CorruptPdf(f"the subtitles {path.name} cannot be read ({exc}); save them as SRT or WebVTT") from exc
    if not found:
        raise CorruptPdf(f"the subtitles {path.name} hold no words; save them as SRT or WebVTT, or take them away")
    return found


def _cues(packet: Any, begins: float) -> Iterator[Cue]:
    if packet.pts is None or packet.time_base is None or not packet.size:
        return
    start = float(packet.pts * packet.time_base) - begins
    end = start + float((packet.duration or 0) * packet.time_base)
    lines = [plain(one.ass.split(b",", FIELDS)[-1]) for one in packet.decode() if hasattr(one, "ass")]  # pictures: none
    text = " ".join(line for line in lines if line)
    if text:
        yield Cue(max(0.0, start), max(start, end), text)


def plain(said: bytes | str) -> str:
    """The words of a line of subtitles, without its marks for style and place."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return clean(unescape(_BREAKS.sub(" ", _BRACES.sub("", _STYLES.sub("", text)))))


def _upright(frame: Any, aspect: float) -> Image.Image:
    """A frame as a player shows it: its pixels square, turned as the camera was, at most :data:`LARGEST_SIDE`.

    ``aspect``: how many times wider than high a pixel is."""
    wide, high = frame.width, frame.height
    if 1 / ODDEST < aspect < ODDEST:
        wide = max(1, round(wide * aspect))
    scale = min(1.0, LARGEST_SIDE / max(wide, high))
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    picture: Image.Image = frame.to_image(width=size[0], height=size[1])
    turned = int(frame.rotation)  # counter-clockwise
    return picture.rotate(turned, expand=True) if turned % 360 else picture


def _is_cover(stream: Any) -> bool:
    """Whether a stream is a picture that comes with sound, and no film."""
    return bool(stream.disposition & stream.disposition.__class__.attached_pic)


def _library(path: Path) -> Any:
    try:
        import av
    except ImportError as exc:
        raise NotAPdf(
            f"{path.name} is a recording or film, and what reads those is not installed: "
            "`pip install 'pagesight[media]'` (docs/media.md)"
        ) from exc
    return av  # its log stays off, as it is: switched on it waits for ever for threads that wait for it
