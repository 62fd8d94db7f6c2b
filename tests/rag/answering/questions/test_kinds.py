"""What questions want, in the words in which people ask; the questions are data (``questions_by_kind/``).

A line is a question, a tab, the kinds that must hold (``value:time`` with the quantity); ``~`` marks those that may.
"""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from rag.answering import languages
from rag.answering.languages.data import LANGUAGES, label_meanings, language_data, usual_chapters
from rag.answering.questions.kinds import KINDS, QUANTITIES, SMALL_TALK, kinds_of

QUESTIONS = Path(__file__).with_name("questions_by_kind")
LEAST = {"en": 25, "de": 25, "fr": 25, "es": 25}  # questions in a language, 10 in the others
SETTLING = {
    "opening",
    "filler",
    "fault",
    "lamp",
    "code",
    "measured",
    "symptom",
    "task",
    "mentions",
    "mentioned",
}  # no kinds themselves
SMALL = {*SMALL_TALK, "opening", "filler"}


class Case(NamedTuple):
    language: str
    question: str
    wanted: frozenset[str]
    allowed: frozenset[str]
    quantity: str


def cases() -> list[Case]:
    found = []
    for language in LANGUAGES:
        for line in (QUESTIONS / f"{language}.tsv").read_text(encoding="utf-8").splitlines():
            question, said = line.split("\t")
            names = [name.partition(":") for name in said.split()]
            wanted = frozenset(name for name, _, _ in names if not name.startswith("~"))
            allowed = frozenset(name.strip("~") for name, _, _ in names)
            quantity = next((quantity for _, _, quantity in names if quantity), "")
            found.append(Case(language, question, wanted, allowed, quantity))
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.question)
def test_a_question_wants_what_a_person_means(case: Case) -> None:
    found = kinds_of(case.question)
    assert case.wanted <= found.kinds <= case.allowed, sorted(found.kinds)
    assert not case.quantity or case.quantity in found.quantities, sorted(found.quantities)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_show_each_language(language: str) -> None:
    own = [case for case in cases() if case.language == language]
    assert len(own) >= LEAST.get(language, 10)
    assert {name for case in own for name in case.allowed} <= set(KINDS)
    told = [case.question for case in own if kinds_of(case.question).language != language]
    assert len(told) <= len(own) // 8, told  # "E-04" and "Bluetooth koppeln" are of no language


@pytest.mark.parametrize("language", LANGUAGES)
def test_patterns_are_well_formed(language: str) -> None:
    path = Path(languages.__path__[0]) / f"{language}.json"
    read = json.loads(path.read_text(encoding="utf-8"))
    assert set(read["kinds"]) <= {*KINDS, *SETTLING} and set(read["quantities"]) <= set(QUANTITIES)
    assert {*KINDS, *SETTLING} - {"label", "other"} <= set(read["kinds"])
    for kind, patterns in {**read["kinds"], **read["quantities"]}.items():
        for pattern in patterns:
            slots = pattern.removeprefix("^").removesuffix("$").split()
            optional = [slot.startswith("(") and slot.endswith(")") for slot in slots]
            assert not any(("(" in s or ")" in s) and not o for s, o in zip(slots, optional, strict=True)), pattern
            assert not all(optional), f"{kind}: {pattern!r} would match anything"
            assert kind in SMALL or pattern.endswith("$") or not optional[-1], f"{kind}: {pattern!r}"


def test_every_language_names_the_usual_chapters() -> None:
    for language in LANGUAGES:
        data = language_data(language)
        assert set(data.chapters) == set(language_data("en").chapters)
        assert [words for words in data.chapters.values() if re.search(r"[()\s$^]|\|\||^\||\|$", words)] == []
    assert usual_chapters("2 Sicherheitshinweise") == {"safety"} == usual_chapters("安全")
    assert usual_chapters("The kite and its tail") == frozenset()


def test_every_language_names_the_most_the_least_and_the_default_of_a_label() -> None:
    for language in LANGUAGES:
        assert set(language_data(language).labels) == {"most", "least", "default"}
    said = {
        "most": "hochst maximal maximum max 最大",
        "least": "lowest minim 最小",
        "default": "factori predeterminad 出厂",
    }
    assert all(label_meanings(term) == {meaning} for meaning, terms in said.items() for term in terms.split())
    assert label_meanings("min") == label_meanings("pump") == frozenset()  # minutes


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_texts_are_read_in_linear_time(language: str) -> None:
    """A pasted text of any kind of words comes to an end."""
    for text in ("a" * 4000, "a " * 2000, "how do the " * 360, "？" * 4000, "什么" * 2000, "der die " * 500):
        assert kinds_of(text, language).kinds


def test_how_long_something_lasts_is_no_length() -> None:
    """Without its accent "Länge" is spelt alike."""
    assert kinds_of("Wie lange habe ich Garantie?", "de").quantities == {"time"}
    assert "length" in kinds_of("Welche Länge hat das Kabel?", "de").quantities
