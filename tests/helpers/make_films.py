"""Films and recordings of a few seconds, made by PyAV: scenes of drawn shapes, a beep, a track of subtitles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

av: Any = pytest.importorskip("av", reason="recordings are read by PyAV: pip install -r requirements-media.in")

SubtitleSet: Any = pytest.importorskip("av.subtitles.subtitle").SubtitleSet

RATE = 5  # frames a second
SIZE = (320, 180)
SOUND = 16_000  # samples a second

ASS = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour
Style: Default,Arial,16,&Hffffff

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""

Said = tuple[float, float, str]  # from, to, words


def scene(words: str, colour: str, shape: str = "ellipse") -> Image.Image:
    """A frame with a shape and words on it."""
    picture = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    getattr(draw, shape)((30, 20, 150, 140), fill=colour)
    draw.text((170, 60), words, fill="black", font=ImageFont.load_default(28))
    return picture


def make_film(
    path: Path,
    scenes: Sequence[tuple[float, Image.Image]],
    said: Sequence[Said] = (),
    sound: bool = True,
    codec: str = "mpeg4",
    subtitles: str = "mov_text",
    gop: int = RATE,
) -> Path:
    """``scenes``: how many seconds each picture is shown; ``said``: its own track of subtitles."""
    with av.open(str(path), "w") as film:
        video = film.add_stream(codec, rate=RATE)
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        video.codec_context.gop_size = gop
        if codec == "libvpx":
            video.options = {"deadline": "realtime", "cpu-used": "8"}
        audio = film.add_stream("aac" if path.suffix != ".webm" else "libopus", rate=48_000) if sound else None
        track = film.add_stream(subtitles) if said else None
        if track is not None:
            track.codec_context.subtitle_header = ASS
            track.codec_context.time_base = Fraction(1, 1000)
        number = 0
        for seconds, picture in scenes:
            for _ in range(round(seconds * RATE)):
                frame = av.VideoFrame.from_image(picture)
                frame.pts, frame.time_base = number, Fraction(1, RATE)
                film.mux(video.encode(frame))
                number += 1
        film.mux(video.encode(None))
        if audio is not None:
            _beep(film, audio, number / RATE, 48_000)
        for start, end, words in said:
            film.mux(_cue(track, start, end, words))
    return path


def make_sound(path: Path, seconds: float, codec: str) -> Path:
    """A recording of a beep."""
    rate = 48_000 if codec == "libopus" else SOUND
    with av.open(str(path), "w") as film:
        _beep(film, film.add_stream(codec, rate=rate), seconds, rate)
    return path


def srt(said: Sequence[Said]) -> str:
    """A file of subtitles."""

    def stamp(seconds: float) -> str:
        whole, part = divmod(round(seconds * 1000), 1000)
        return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d},{part:03d}"

    return "\n".join(f"{n}\n{stamp(a)} --> {stamp(b)}\n{words}\n" for n, (a, b, words) in enumerate(said, 1))


def _beep(film: Any, stream: Any, seconds: float, rate: int) -> None:
    samples = (np.sin(np.arange(round(seconds * rate)) * (2 * math.pi * 440 / rate)) * 9000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    context = stream.codec_context
    resampler = av.AudioResampler(
        format=context.format, layout=context.layout, rate=rate, frame_size=context.frame_size
    )
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        film.mux(stream.encode(part))
    film.mux(stream.encode(None))


def _cue(track: Any, start: float, end: float, words: str) -> Any:
    line = f"0,0,Default,,0,0,0,,{words}".encode()
    packet = track.codec_context.encode_subtitle(SubtitleSet.create(line, 0, round((end - start) * 1000)))
    packet.stream, packet.time_base = track, Fraction(1, 1000)
    packet.pts = packet.dts = round(start * 1000)
    packet.duration = round((end - start) * 1000)
    return packet
