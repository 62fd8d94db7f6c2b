"""Manuals that say everything in several languages are searched in the question's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

from rag.config import Settings
from rag.index import Index
from rag.retrieval import page_languages
from rag.retrieval.search import search
from rag.types import Query

ENGLISH = (
    "This is what you have to do before the pump is used for the first time: put it on a level floor and fill it.",
    "When the Statuslampe of the pump is red, there is no water in it. You should fill it and then press Reset.",
)
GERMAN = (
    "Das ist zu tun, bevor die Pumpe das erste Mal benutzt wird: Sie wird auf einen ebenen Boden gestellt und gefüllt.",
    "Wenn die Statuslampe der Pumpe rot ist, dann ist kein Wasser in ihr. Sie ist zu füllen und Reset zu drücken.",
)
DUTCH = (
    "Dit is wat u moet doen voordat de pomp voor het eerst wordt gebruikt: zet hem op een vlakke vloer en vul hem.",
    "Als de Statuslampe van de pomp rood is, dan zit er geen water in. U moet hem vullen en daarna op Reset drukken.",
)


@pytest.fixture(scope="module")
def index(copy_of: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("languages")
    with Index.open(copy_of()) as opened:
        files = [
            pdf(folder / "three.pdf", (*GERMAN, *ENGLISH, *DUTCH, "Reset 230 V 50 Hz")),
            pdf(folder / "german.pdf", (*GERMAN, *GERMAN, *GERMAN, ENGLISH[0])),
        ]
        assert [one.status for one in opened.add(files)] == ["added", "added"]
        yield opened


def pdf(path: Path, pages: tuple[str, ...]) -> Path:
    style = getSampleStyleSheet()["BodyText"]
    story: list[Flowable] = []
    for page in pages:
        story += [Paragraph(page, style), PageBreak()]
    SimpleDocTemplate(str(path), pagesize=A4, invariant=1).build(story)
    return path


def pages_for(index: Index, question: str, name: str, fresh: bool = False) -> list[int]:
    docs = frozenset([index.catalogue.find(name).id])
    found = search(index, Query(question, docs=docs), fresh=fresh)
    return list(dict.fromkeys(hit.chunk.page for hit in found.hits))


@pytest.mark.parametrize(
    ("question", "first", "own"),
    [
        ("Why is the Statuslampe red and what do I have to do with Reset?", 4, {3, 4, 7}),
        ("Warum ist die Statuslampe rot und was ist mit Reset zu tun?", 2, {1, 2, 7}),
        ("Waarom is de Statuslampe rood en wat moet ik met Reset doen?", 6, {5, 6, 7}),
    ],
)
def test_a_question_is_answered_from_the_pages_in_its_language(
    index: Index, question: str, first: int, own: set[int]
) -> None:
    found = pages_for(index, question, "three.pdf")
    assert found[0] == first
    assert set(found[:3]) <= own


def test_a_page_in_another_language_than_the_manual_says_something_of_its_own(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "Why is the Statuslampe red and what do I have to do with Reset?"
    found = pages_for(index, question, "german.pdf")
    assert found[0] in (2, 4, 6)
    monkeypatch.setattr(page_languages, "OTHER_LANGUAGE", 0.0)
    assert pages_for(index, question, "german.pdf", fresh=True) == found


def test_words_that_tell_no_language_are_looked_for_in_all(index: Index) -> None:
    assert {2, 4, 6} & set(pages_for(index, "Statuslampe", "three.pdf")[:4]) == {2, 4, 6}
