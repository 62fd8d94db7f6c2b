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

from rag.answering.facts.amounts import units_in
from rag.answering.facts.bounds import bounds_in
from rag.answering.languages.data import LANGUAGES, LanguageData, language_data
from rag.answering.languages.wordings import is_spaced, plain
from rag.answering.passages.quotations import codes
from rag.answering.questions.language import near_to, tell
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

MOST_OF_TELEGRAM = 6
"""Words up to which the name of a quantity alone asks for it."""

BARE_QUANTITY = 2
"""The same where they also may say that something is wrong: "noise level", but "the fan makes noise"."""

FEW_WORDS = 3
"""Words up to which a code alone is a question for its meaning, and which may be too few to tell a language."""

_TALK: tuple[Kind, ...] = ("documents", "thanks", "ability", "greeting")
_OTHER: frozenset[Kind] = frozenset({"other"})
_GIVEN = re.compile(r"\b\d+ ([^\W\d_]+)\b")
_LASTING = re.compile(r"\bwie lange\b")  # without its accents "Länge" is the same word
_NEXT_WORD = re.compile(r"\W*([^\W\d_]+)")
_NUMBERED = re.compile(r"(?:code |codes |no |nr )?[a-z]{0,3}\d")
"""What makes a word for a fault the name of one: "error 31"."""

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
    """What a question wants. Where ``language`` is not given, its words tell; where they are too few, it is the first
    language in which they ask for something.

    >>> sorted(kinds_of("How often must the filter be cleaned?").kinds)
    ['value']
    """
    told = tell(question).language
    first = _kinds_in(question, next((one for one in (language, told) if one in LANGUAGES), LANGUAGES[0]))
    if language or first.kinds != _OTHER:
        return first
    others = near_to(question) or (LANGUAGES if told == LANGUAGES[0] and len(question.split()) <= FEW_WORDS else ())
    tried = (_kinds_in(question, other) for other in others if is_spaced(other))
    return next((found for found in tried if found.kinds != _OTHER), first)


def _kinds_in(question: str, language: str) -> QuestionKinds:
    data, said = language_data(language), plain(question, language)
    talk = _small_talk(said, data)
    if talk:
        return QuestionKinds(talk, frozenset(), language)
    asked = _GIVEN.sub(_without_given, said)
    said_of = {name: _LASTING.sub(" ", asked) if name == "length" else asked for name in QUANTITIES}
    quantities = frozenset(name for name, words in said_of.items() if data.quantity(name).search(words))
    kinds = _settled(_shown(said, question, data), quantities, len(said.split()))
    return QuestionKinds(kinds or _OTHER, quantities, language)


def _without_given(match: re.Match[str]) -> str:
    """Nothing of an amount that a question gives, "the 24 V model": it asks for no voltage."""
    return " " if units_in(match[1]) or units_in(match[1].upper()) else match[0]


def _small_talk(said: str, data: LanguageData) -> frozenset[Kind]:
    """The kinds of small talk of which a text wholly consists; none where anything else is said in it."""
    if said.count(" ") > MOST_TALK:
        return frozenset()
    found: set[Kind] = set()
    rest = said
    for kind in (*_TALK, *_TALK):  # twice: "hello hello"
        without = data.kind(kind).sub("", rest)
        if without != rest:
            found.add(kind)
        rest = without
    return frozenset() if data.kind("filler").sub("", rest).strip() else frozenset(found)


def _without_opening(said: str, data: LanguageData) -> str:
    """The text without greetings and courtesies before the question: "hi, can you tell me", "bitte"."""
    opening = data.kind("opening")
    for _ in range(3):
        match = opening.match(said)
        if match is None or not said[match.end() :].strip():
            break
        said = said[match.end() :]
    return said


def _shown(said: str, question: str, data: LanguageData) -> set[str]:
    """The names of all patterns that a question shows, and what its codes and labels show."""
    asked = _without_opening(said, data)
    tried = {name: (asked,) if name == "yes_no" else (asked, said) for name in data.kinds if name not in SMALL_TALK}
    found = {name for name, texts in tried.items() if any(map(data.kind(name).search, texts))}
    if "comparison" in found and bounds_in(question):  # "more than 6 times"
        found.discard("comparison")
    if "count" in found and _counts_units(asked, question, data):
        found.add("measured")
    if codes(question):
        few = len(re.findall(r"[^\W_]+", question)) <= FEW_WORDS
        found.add("meaning" if few or "code" in found else "named")
    if any(_NUMBERED.match(asked, match.end()) for match in data.kind("code").finditer(asked)):
        found.add("fault")
    labels = labels_asked(question)
    if labels.sure and set(labels.keys) - {"I"}:  # "the part I turn"
        found.add("label")
    return found


def _counts_units(asked: str, question: str, data: LanguageData) -> bool:
    """Whether a unit is what there are many of: "how many kPa", "ab wieviel Lux"."""
    told = {_NEXT_WORD.match(asked, match.end()) for match in data.kind("count").finditer(asked)}
    words = {word[1] for word in told if word}
    return any(units_in(word) for word in re.findall(r"[^\W\d_]+", question) if plain(word, data.code) in words)


def _settled(found: set[str], quantities: frozenset[Quantity], words: int) -> frozenset[Kind]:
    """The kinds, where some patterns speak against others."""
    kinds: set[Kind] = {kind for kind in KINDS if kind in found}
    if "measured" in found:  # "how many volts"
        kinds.add("value")
        kinds.discard("count")
    elif "count" in kinds and quantities <= {"amount"}:
        kinds.discard("value")
    if "task" in found and not kinds:  # "descale the boiler"
        kinds.add("procedure")
    if kinds & _MORE_THAN_A_DEFINITION:
        kinds.discard("definition")
    if kinds & {"value", "procedure", "which", "count", "list", "place", "summary", "meaning", "cause"}:
        kinds.discard("yes_no")
    if "symptom" in found and "cause" in kinds:  # "all lights blink, what now?"
        kinds.discard("list")
    if not kinds and words > (BARE_QUANTITY if "symptom" in found else MOST_OF_TELEGRAM):
        quantities = frozenset()  # "the motor makes a strange noise" asks for none
    if quantities and kinds <= {"definition", "list", "which", "value"}:  # "at which temperature", "what size fuse"
        kinds = {"value"} if "value" in kinds or "which" not in kinds else {"value", "which"}
    if "summary" in kinds or "comparison" in kinds:
        kinds -= {"list", "which"}
    if "symptom" in found and kinds <= {"cause", "meaning", "yes_no", "definition", "comparison"}:
        kinds.add("cause")
    if found & {"fault", "lamp"} and kinds <= {"cause", "yes_no", "definition"}:
        kinds.discard("definition")
        kinds.add("meaning")
    if "named" in found and not kinds:  # "I keep getting E 733 in the log"
        kinds.add("meaning")
    return frozenset(kinds)
