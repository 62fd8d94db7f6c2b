"""References told from sentences of several languages, followed in a document, and quoted where they lead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingestion.elements import BBox, Chunk, ChunkKind, Document, Page, Region
from rag.answering.evidence.gathering import gather
from rag.answering.extraction.answerer import extract
from rag.answering.passages.references import Referent, references, says_only_where
from rag.config import Settings
from rag.index import Index
from rag.text.passages import content_terms
from rag.types import Evidence, Hit

DOC = "b" * 64


@pytest.mark.parametrize(
    ("sentence", "to", "number"),
    [
        ("To set the timer, see section 3.2.", "section", "3.2"),
        ("Wie Sie die Uhr stellen, steht in Abschnitt 4.1.", "section", "4.1"),
        ("Branchez le câble (voir chapitre 5).", "section", "5"),
        ("Para limpiarlo, véase el apartado 6.3.", "section", "6.3"),
        ("Per la pulizia vedere capitolo 7.", "section", "7"),
        ("Voor de montage zie hoofdstuk 2.", "section", "2"),
        ("Czyszczenie: patrz rozdział 8.", "section", "8"),
        ("Temizlik için bkz. bölüm 9.", "section", "9"),
        ("有关清洁，请参阅第6章。", "section", "6"),
        ("詳しくは第12ページを参照してください。", "page", "12"),
        ("If the smell stays, replace the filter (see page 14).", "page", "14"),
        ("Die Maße sind in Abbildung 4 gezeigt, siehe Abb. 4.", "figure", "4"),
        ("The torques are listed in Table 3.", "table", "3"),
        ("Refer to chapter IX for this.", "section", "IX"),
    ],
)
def test_where_a_sentence_sends_its_reader(sentence: str, to: Referent, number: str) -> None:
    assert any((r.to, r.number, r.pointing) == (to, number, True) for r in references(sentence))


def test_a_heading_may_be_named_without_a_number() -> None:
    (reference,) = references("To adjust the levels (see “Sound levels” below) use the menu.")
    assert (reference.to, reference.title) == ("section", "Sound levels")


@pytest.mark.parametrize(
    "sentence", ["Mark the holes, Fig 7.2, and drill.", "The unit has 4 pages of menus.", "I see A problem here."]
)
def test_what_only_names_a_place_or_none_sends_nobody_there(sentence: str) -> None:
    assert not any(r.pointing for r in references(sentence))


def test_a_sentence_that_answers_beside_its_reference_says_more_than_where() -> None:
    asked = frozenset(content_terms("How do I clean the filter?"))
    assert says_only_where("How the filter is cleaned is described in chapter 6.", asked)
    assert not says_only_where("Rinse the filter under warm running water every month (see chapter 6).", asked)


def part(
    name: str, text: str, page: int, top: float, heading: str, kind: ChunkKind = "text", caption: str = ""
) -> Chunk:
    return Chunk(name, DOC, kind, text, (Region(page, BBox(50, top, 300, top + 40)),), caption, heading)


POINTS = part("points", "For use without the tank, connect the hose as described in chapter 4.2.", 1, 100, "3.3 Drain")
STEPS = part("steps", "1. Pull out the plug.\n2. Push the hose on.\n3. Lead it to a drain.", 2, 100, "4.2 The hose")
OTHER = part("other", "1. Einstecken.\n2. Einschalten.", 3, 100, "4.2 Ablaufschlauch")
PAGED = part("paged", "If the lamp stays dark, change the fuse (see page 21).", 1, 200, "3.4 Lamp")
FUSE = part("fuse", "The fuse sits behind the flap. Use a fuse of 2 A.", 3, 300, "Fuses")
DRAWN = part("drawn", "The free space needed is shown in Figure 5.", 1, 300, "3.5 Space")
FIGURE = part("figure", "20 cm left and right", 3, 400, "Space", "figure", "Figure 5: Distances to walls")


@pytest.fixture
def index(settings: Settings) -> Iterator[Index]:
    with Index.open(settings, create=True) as opened:
        pages = tuple(Page(n, 612, 792, 0, None, label) for n, label in ((1, "19"), (2, "20"), (3, "21")))
        chunks = (POINTS, PAGED, DRAWN, STEPS, OTHER, FUSE, FIGURE)
        opened.catalogue.add(Document(DOC, "dryer.pdf", "Dryer", pages, (), chunks))
        yield opened


def gathered(index: Index, chunk: Chunk, question: str) -> tuple[Evidence, ...]:
    return gather(index, [Hit(chunk, 1.0)], index.settings, question)


@pytest.mark.parametrize(
    ("found", "question", "target", "said"),
    [
        (POINTS, "How can I use it without the tank?", "steps", "2. Push the hose on [2]."),
        (PAGED, "The lamp stays dark, what can I do?", "fuse", "The fuse sits behind the flap [2]."),
        (DRAWN, "How much free space is needed?", "figure", "Distances to walls"),
    ],
)
def test_a_reference_is_followed_and_what_stands_there_is_quoted(
    index: Index, found: Chunk, question: str, target: str, said: str
) -> None:
    evidence = gathered(index, found, question)
    assert [e.chunk.id for e in evidence] == [found.id, target]
    assert [p.number for p in evidence[0].points] == [2]
    text = extract(question, evidence).text
    assert found.text.split(",")[0].rstrip(".") in text and said in text


def test_a_reference_of_no_concern_to_the_question_is_not_followed(index: Index) -> None:
    assert len(gathered(index, POINTS, "What does the warranty say?")) == 1
