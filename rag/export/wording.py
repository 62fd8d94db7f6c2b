"""The words around what was said: in English unless whoever asks for a file gives others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ingestion.elements import ChunkKind

KINDS: Mapping[ChunkKind, str] = {"text": "text", "table": "table", "figure": "figure", "page": "page"}


def _as_it_is(sentence: str) -> str:
    return sentence


class Wording(NamedTuple):
    """Texts with names in braces for what is put in. ``told`` gives sentences of this program, such as errors, in the
    language (an ISO 639-1 code, or one with a region)."""

    language: str = "en"
    understood: str = "Understood as: {question}"
    picture: str = "Picture: {name}"
    own_picture: str = "The question's picture"
    captioned: str = "{kind} “{caption}”"
    place: str = "{name}, page {page}, {what}, box ({box}) pt"
    quotes: str = "quoted from the documents"
    time: str = "{date}, {time} UTC"
    kinds: Mapping[ChunkKind, str] = KINDS
    unsupported: str = "The sentence that cites this says something that was not found in it: {doubt}."
    weak: str = "Only weakly supported: {doubt}."
    told: Callable[[str], str] = _as_it_is


ENGLISH = Wording()
