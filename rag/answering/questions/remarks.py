"""Remarks on the answer before: that it be shorter, or translated, whether it is sure, and for its picture.

    "are you sure?", "woher weißt du das?"     sure
    "shorter please", "zu lang"                shorter
    "more details", "erzähl mehr"              more
    "translate that", "en français"            translate
    "show me the picture"                      picture

A text is one where nothing is left of it without its patterns, small talk and the words that go with both: "show me the
picture of the pump" asks for something. The patterns are data, as those of kinds of question are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from rag.answering.languages.data import LANGUAGES, LanguageData, language_data
from rag.answering.languages.wordings import plain
from rag.answering.questions.language import question_language, tell

Remark = Literal["translate", "sure", "shorter", "more", "picture"]

REMARKS: tuple[Remark, ...] = get_args(Remark)
"""In the order in which they are tried: "translate that to English, shorter" is a wish for a translation."""

MOST_WORDS = 12
"""Words of the longest remark."""

MOST_CHARACTERS = 24
"""Characters of it in scripts without spaces."""


class Remarked(NamedTuple):
    """A remark and the language that it is made in."""

    remark: Remark
    language: str


def remark_of(text: str, before: Sequence[str] = ()) -> Remarked | None:
    """What a text remarks on the answer to the last of the questions ``before``; None of any other text.

    >>> remark_of("kürzer bitte")
    Remarked(remark='shorter', language='de')
    """
    told = (tell(text).language, question_language(before[-1], before[:-1], "") if before else "")
    for language in dict.fromkeys((*told, *LANGUAGES)):
        if language in LANGUAGES and (remark := _remark(plain(text, language), language_data(language))):
            return Remarked(remark, language)
    return None


def _remark(said: str, data: LanguageData) -> Remark | None:
    if not said or said.count(" ") >= MOST_WORDS or (" " not in said and len(said) > MOST_CHARACTERS):
        return None
    for remark in REMARKS:
        left, found = data.remark(remark).subn(" ", said)
        for words in (data.kind("thanks"), data.remark("filler"), data.kind("filler")):
            left = words.sub("", " ".join(left.split()))
        if found and not left.strip():
            return remark
    return None
