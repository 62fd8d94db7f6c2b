"""What a question wants: a value, the steps of a procedure, what a code means, a list, …; several may hold.

    "How hot may the oil get?"            value (temperature)
    "machine wont start, red light"       cause, meaning
    "Welche Sicherung brauche ich?"       which

The patterns are data, a file for each language (:mod:`rag.answering.languages`); how they go together is decided here.
A greeting, thanks and questions about the library itself hold only where nothing else is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from rag.answering.languages.data import LANGUAGES, LanguageData, language_data
from rag.answering.languages.wordings import plain
from rag.answering.question_language import tell
from rag.answering.quotations import codes
from rag.retrieval.callouts import labels_asked

Kind = Literal[
    "value", "procedure", "meaning", "definition", "list", "count", "yes_no", "comparison", "place", "which", "cause",
    "label", "summary", "greeting", "thanks", "ability", "documents", "other",
]  # fmt: skip
"""``cause``: why something happens, and what helps; ``label``: what a number or letter in a figure stands for."""

KINDS: tuple[Kind, ...] = get_args(Kind)

Quantity = Literal[
    "time", "frequency", "date", "temperature", "pressure", "length", "weight", "volume", "voltage", "current", "power",
    "speed", "torque", "price", "share", "noise", "amount",
]  # fmt: skip
"""What a value is of. ``frequency``: how often; ``amount``: how much of anything else."""

QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)

SMALL_TALK: frozenset[Kind] = frozenset({"greeting", "thanks", "ability", "documents"})
"""Kinds that are answered without looking anything up; none of them holds beside another kind."""

MOST_TALK = 30
"""Words of the longest small talk."""

BARE_WORDS = 3
"""Words up to which a code alone is a question for its meaning."""


_MORE_THAN_A_DEFINITION: frozenset[Kind] = frozenset(
    {"value", "meaning", "cause", "procedure", "list", "comparison", "place", "which", "summary", "label"}
)


@dataclass(frozen=True, slots=True)
class QuestionKinds:
    """``kinds`` is never empty; ``quantities`` are those that the words name; ``language`` is one of
    :data:`rag.answering.languages.data.LANGUAGES`, that of the question."""

    kinds: frozenset[Kind]
    quantities: frozenset[Quantity] = frozenset()
    language: str = "en"

    def wants(self, *kinds: Kind) -> bool:
        """Whether any of these kinds holds."""
        return not self.kinds.isdisjoint(kinds)

    @property
    def small_talk(self) -> bool:
        """Whether nothing needs to be looked up for it."""
        return self.kinds <= SMALL_TALK


@lru_cache(maxsize=256)
def kinds_of(question: str, language: str = "") -> QuestionKinds:
    """What a question wants. Where ``language`` is not given, its words tell.

    >>> sorted(kinds_of("How often must the filter be cleaned?").kinds)
    ['value']
    """
    spoken = language or tell(question).language
    spoken = spoken if spoken in LANGUAGES else "en"
    data = language_data(spoken)
    said = plain(question, spoken)
    talk = _small_talk(said, data)
    if talk:
        return QuestionKinds(talk, frozenset(), spoken)
    quantities = frozenset(name for name in QUANTITIES if data.quantity(name).search(said))
    asked = _without_opening(said, data)
    kinds = _settled(_shown(asked, said, question, data), quantities)
    return QuestionKinds(kinds or frozenset({"other"}), quantities, spoken)


def _small_talk(said: str, data: LanguageData) -> frozenset[Kind]:
    """The kinds of small talk of which a text wholly consists; none where anything else is said in it."""
    if said.count(" ") > MOST_TALK:
        return frozenset()
    found: set[Kind] = set()
    rest = said
    for kind in ("documents", "ability", "thanks", "greeting"):
        without = data.kind(kind).sub("", rest)
        if without != rest:
            found.add(kind)
        rest = without
    rest = data.kind("filler").sub("", rest)
    if rest.strip():
        return frozenset()
    return frozenset(found)


def _without_opening(said: str, data: LanguageData) -> str:
    """The text without greetings and courtesies before the question: "hi, can you tell me", "bitte"."""
    opening = data.kind("opening")
    for _ in range(3):
        match = opening.match(said)
        if match is None or not said[match.end() :].strip():
            break
        said = said[match.end() :]
    return said


def _shown(asked: str, said: str, question: str, data: LanguageData) -> set[str]:
    """The names of all patterns that a question shows, and what its codes and labels show."""
    found = {name for name, pattern in data.kinds.items() if name not in SMALL_TALK and pattern.search(asked)}
    named = codes(question)
    if named and (len(re.findall(r"[^\W_]+", question)) <= BARE_WORDS or data.kind("code").search(said)):
        found.add("meaning")
    labels = labels_asked(question)
    if labels.keys and labels.sure:
        found.add("label")
    return found


def _settled(found: set[str], quantities: frozenset[Quantity]) -> frozenset[Kind]:
    """The kinds, where some patterns speak against others."""
    kinds: set[Kind] = {kind for kind in KINDS if kind in found}
    if "measured" in found:  # "how many volts"
        kinds.add("value")
        kinds.discard("count")
    if kinds & _MORE_THAN_A_DEFINITION:
        kinds.discard("definition")
    if quantities and not kinds - {"definition", "list", "which"}:
        kinds -= {"definition", "list"}
        kinds.add("value")
    if "symptom" in found and kinds <= {"cause", "meaning", "yes_no", "definition", "comparison"}:
        kinds.add("cause")
    if found & {"fault", "lamp"} and kinds <= {"cause", "yes_no", "definition"}:
        kinds.discard("definition")
        kinds.add("meaning")
    if kinds & {"value", "procedure", "which", "count", "list", "place", "summary", "meaning"}:
        kinds.discard("yes_no")
    return frozenset(kinds)
