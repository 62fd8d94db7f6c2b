"""Steps of a procedure whole and in order, wherever layout has parted them, with their warnings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from made_evidence import piece, quote_answer

from ingestion.elements import BBox, Chunk, Document, Page, Region
from rag.answering.evidence.gathering import gather
from rag.answering.passages.lists import listings, step_number, steps_from
from rag.answering.passages.procedures import warns
from rag.config import Settings
from rag.index import Index
from rag.types import Hit

DOC = "c" * 64
HEADING = "5.1 Cleaning the sieve"
FIRST = "The sieve is cleaned once a week.\n1. Pull the sieve out.\n2. Wash it in warm water."
REST = "3. Let the sieve\ndry for a day.\n4. Push it in until it clicks."
WARNING = "Caution: Never dry the sieve in the sun; it bends."


@pytest.mark.parametrize("heading", [HEADING, f"{HEADING} > {WARNING}"])
def test_steps_go_on_in_the_next_passage(heading: str) -> None:
    evidence = (piece(1, FIRST, heading=HEADING, page=4), piece(2, REST, heading=heading, page=5))
    text = quote_answer("How do I clean the sieve?", evidence)
    steps = ("1. Pull", "2. Wash", "3. Let the sieve dry for a day [2]", "4. Push it in until it clicks [2]")
    assert [text.index(step) for step in steps] == sorted(text.index(step) for step in steps)
    assert ("Never dry the sieve" in text) == (WARNING in heading)


def test_the_beginning_is_quoted_where_the_end_was_found() -> None:
    evidence = (piece(1, REST, heading=HEADING, page=5), piece(2, FIRST, heading=HEADING, page=4))
    text = quote_answer("How do I dry the sieve and push it in?", evidence)
    assert text.index("1. Pull the sieve out [2]") < text.index("3. Let the sieve dry for a day [1]")


@pytest.mark.parametrize(
    ("heading", "page"), [("6 Storing", 4), (HEADING, 9)], ids=["of another section", "pages further"]
)
def test_other_steps_are_not_put_together(heading: str, page: int) -> None:
    evidence = (piece(1, FIRST, heading=HEADING, page=4), piece(2, REST, heading=heading, page=page))
    assert "3. Let" not in quote_answer("How do I clean the sieve once a week?", evidence)


def test_steps_go_on_after_a_remark() -> None:
    rest = f"Please note: A wet sieve smells after some days.\n\n{REST}"
    said = quote_answer(
        "How do I clean the sieve?", (piece(1, FIRST, heading=HEADING), piece(2, rest, heading=HEADING))
    )
    assert said.index("2. Wash") < said.index("A wet sieve smells") < said.index("4. Push it in")


def test_a_warning_before_the_steps_is_quoted_with_them() -> None:
    text = "WARNING: The tank may be hot.\n1. Open the tank.\n2. Empty the tank into a bowl."
    said = quote_answer("How do I empty the tank?", (piece(1, text, heading="Emptying the tank"),))
    assert said.index("The tank may be hot [1]") < said.index("1. Open the tank [1]")


@pytest.mark.parametrize(
    "text", ["WARNING: Hot!", "Vorsicht! Heiß.", "ATTENTION : chaud", "Let op: heet", "警告：高温", "DİKKAT: sıcak"]
)
def test_warnings_are_told_in_several_languages(text: str) -> None:
    assert warns(text)


@pytest.mark.parametrize("text", ["Warning lamps are red.", "Importantly, rinse it.", "The warning: none."])
def test_what_is_about_warnings_is_none(text: str) -> None:
    assert not warns(text)


def test_steps_are_read_from_their_number_on() -> None:
    assert steps_from("3. Dry it\nfor a day.\n4. Push it in.\nDone.\n7. Other", 3) == (
        "3. Dry it for a day.",
        "4. Push it in. Done.",
    )
    assert steps_from("1. Open\n2. Close", 3) == ()
    assert [step_number(line) for line in ("Schritt 2: Warten", "12 screws", "• Wait")] == [2, 0, 0]


@pytest.fixture
def index(settings: Settings) -> Iterator[Index]:
    def chunk(name: str, text: str, page: int, top: float, heading: str) -> Chunk:
        return Chunk(name, DOC, "text", text, (Region(page, BBox(50, top, 300, top + 40)),), "", heading)

    with Index.open(settings, create=True) as opened:
        chunks = (
            chunk("first", f"{FIRST} {'Rinse it on both sides for long. ' * 20}", 1, 700, HEADING),
            chunk("heading", "Note", 2, 40, ""),
            chunk("rest", REST, 2, 60, f"{HEADING} > {WARNING}"),
            chunk("last", "5. Close the flap.", 2, 120, "Flap"),
        )
        pages = tuple(Page(n, 612, 792, 0, None) for n in (1, 2))
        opened.catalogue.add(Document(DOC, "sieve.pdf", "Sieve", pages, (), chunks))
        yield opened


def test_evidence_takes_in_the_steps_on_the_next_page(index: Index) -> None:
    first = index.catalogue.chunks_of(DOC)[0]
    (evidence,) = gather(index, [Hit(first, 1.0)], index.settings, "How do I clean the sieve?")
    assert [c.id for c in evidence.beside] == ["rest", "last"]
    assert "4. Push it in" in evidence.text and "5. Close the flap." in evidence.text


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ("First: connect the battery.\nSecond: connect the panels.", 2),
        ("Primero: conectar la batería.\nSegundo: conectar los paneles.", 2),
        ("Erstens: Stecker ziehen.\nZweitens: Deckel öffnen.\nDrittens: Filter reinigen.", 3),
    ],
)
def test_steps_may_be_numbered_in_words(lines: str, number: int) -> None:
    assert step_number(lines.splitlines()[-1]) == number
    (listing,) = listings(f"EN FR DE\n{lines}")
    assert len(listing.items) == number and listing.introduction == ""  # codes of languages in the margin
    assert listings("First, let it dry.\nSecond, it has to cool.") == ()
