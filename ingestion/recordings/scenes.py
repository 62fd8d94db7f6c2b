"""Which frames of a stretch of film stand for it: the first of each scene. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ingestion.recordings.container import Frame

MOST_SCENES = 4  # frames of a page: with more each is too small to be looked at
CHANGE = 12.0  # of 255, mean difference of the small pictures: above it another scene begins
PLAIN = 3.0  # of 255, standard deviation: below it a frame is black, white or a fade, and shows nothing


def key_frames(frames: Iterable[Frame], most: int = MOST_SCENES) -> list[Frame]:
    """The first frame of each scene, of more than ``most`` scenes those that differ most from the one before; at least
    one, where there is any."""
    chosen: list[tuple[float, Frame]] = []
    plain: Frame | None = None
    for frame in frames:
        if frame.small.std() < PLAIN:
            plain = plain or frame
            continue
        change = min((_difference(frame, other) for _, other in chosen), default=255.0)
        if change <= CHANGE:
            continue
        chosen.append((change, frame))
        if len(chosen) > most:
            chosen.remove(min(chosen[1:], key=lambda one: one[0]))
    return [frame for _, frame in chosen] or ([plain] if plain is not None else [])


def _difference(one: Frame, other: Frame) -> float:
    return float(np.abs(one.small - other.small).mean())
