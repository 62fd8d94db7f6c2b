"""What a sentence says comes next: told in several languages, found by its place, and quoted with the sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingestion.elements import BBox, Chunk, ChunkKind, Document, Page, Region
from rag.answering.evidence.gathering import gather
from rag.answering.extraction.answerer import extract
from rag.answering.passages.announcing import announced
from rag.config import Settings
from rag.index import Index
from rag.types import Evidence, Hit

DOC = "c" * 64


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("Keep the distances that are shown in the figure below.", "figure"),
        ("The spacing should meet the requirements as illustrated in below figures for safety.", "figure"),
        ("Connect it as shown in the following wiring diagram.", "figure"),
        ("Die Werte stehen in der nachstehenden Tabelle.", "table"),
        ("Schließen Sie es wie in der Abbildung unten an.", "figure"),
        ("Branchez-le selon le schéma ci-dessous.", "figure"),
        ("Los valores están en la tabla siguiente.", "table"),
        ("Le misure sono nella seguente tabella.", "table"),
        ("Zie onderstaande tabel.", "table"),
        ("Wymiary podano na poniższym rysunku.", "figure"),
        ("Os valores estão na tabela abaixo.", "table"),
        ("Değerler aşağıdaki tabloda verilmiştir.", "table"),
        ("下図のように接続します。", "figure"),
        ("参数见下表。", "table"),
        ("The lamps mean the following.", ""),
        ("De kleuren hebben de volgende betekenis:", ""),
        ("Das Verhalten ist wie folgt.", ""),
    ],
)
def test_what_comes_next(sentence: str, what: str) -> None:
    told = announced(sentence)
    assert told is not None and told.what == what and told.written in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "The voltage must not fall below 20 V.",
        "Follow the next steps with care.",
        "Der Wert liegt unter 5 V.",
        "Press the button.",
        "Figure 5 shows the pump.",
    ],
)
def test_nothing_comes_next(sentence: str) -> None:
    assert announced(sentence) is None


def part(name: str, text: str, page: int, box: tuple[float, float, float, float], kind: ChunkKind = "text") -> Chunk:
    return Chunk(name, DOC, kind, text, (Region(page, BBox(*box)),), "", f"Heading {name}")


CLEARANCE = part("clearance", "Keep the clearances of the figure below on all sides.", 1, (50, 100, 290, 120))
SIGN = part("sign", "Keep dry", 1, (50, 40, 290, 90), "figure")
DRAWING = part("drawing", "Upward Downward Sides 300mm 500mm 200mm", 1, (60, 130, 280, 240), "figure")
MEANING = part("meaning", "The colours of the dots have the following meaning:", 1, (310, 700, 560, 720))
COLOURS = part(
    "colours", "| black | NP0 | 0 ppm |\n| --- | --- | --- |\n| red | N75 | -75 ppm |", 2, (50, 60, 560, 160), "table"
)
WARRANTY = part("warranty", "The warranty is void after repairs by others.", 2, (50, 300, 560, 330))
INTRODUCED = part("introduced", "Set the following:\n- Speed: 5\n- Mode: slow", 2, (50, 400, 560, 440))
TABLE = part(
    "table", "| Model | Fuse |\n| --- | --- |\n| AX2 | 10 A |\n| AX3 | 16 A |", 3, (320, 60, 560, 160), "table"
)
FUSES = part("fuses", "The fuses that each model needs are listed in the table below.", 3, (50, 700, 290, 720))


@pytest.fixture
def index(settings: Settings) -> Iterator[Index]:
    with Index.open(settings, create=True) as opened:
        pages = tuple(Page(n, 612, 792, 0, None, str(n)) for n in (1, 2, 3))
        chunks = (CLEARANCE, SIGN, DRAWING, MEANING, COLOURS, WARRANTY, INTRODUCED, TABLE, FUSES)
        opened.catalogue.add(Document(DOC, "inverter.pdf", "Inverter", pages, (), chunks))
        yield opened


def gathered(index: Index, chunk: Chunk, question: str) -> tuple[Evidence, ...]:
    return gather(index, [Hit(chunk, 1.0)], index.settings, question)


@pytest.mark.parametrize(
    ("found", "question", "target", "said"),
    [
        (CLEARANCE, "How many mm of clearance does it need on all sides?", "drawing", "500mm"),
        (MEANING, "What do the colours of the dots mean?", "colours", "| red | N75 | -75 ppm [2] |"),
        (MEANING, "Was heißt der rote Punkt?", "colours", "| red | N75 | -75 ppm [2] |"),  # no word in common
        (FUSES, "Which fuse does the model AX3 need?", "table", "16 A"),  # at the top of the next column
    ],
)
def test_it_is_found_by_its_place_and_quoted_with_the_sentence(
    index: Index, found: Chunk, question: str, target: str, said: str
) -> None:
    evidence = gathered(index, found, question)
    assert [e.chunk.id for e in evidence] == [found.id, target]
    assert said in extract(question, evidence).text


@pytest.mark.parametrize(
    ("found", "question"),
    [
        (CLEARANCE, "What does the warranty say?"),  # another sentence is of concern
        (INTRODUCED, "What do I set?"),  # it introduces what its own passage says
    ],
)
def test_nothing_else_is_taken_in(index: Index, found: Chunk, question: str) -> None:
    hits = [Hit(found, 1.0), Hit(WARRANTY, 0.5)]
    assert [e.chunk.id for e in gather(index, hits, index.settings, question)] == [found.id, "warranty"]


def test_a_sentence_with_the_number_asked_for_is_quoted_alone(index: Index) -> None:
    told = part("told", "It needs 40 cm of clearance above, see the figure below.", 1, (50, 100, 290, 120))
    evidence = (*gathered(index, CLEARANCE, "How much clearance does it need above?")[1:],)
    piece = Evidence(1, told, "inverter.pdf", told.text, None, None, (612, 792), 1.0)
    text = extract("How much clearance does it need above?", (piece, *evidence)).text
    assert "40 cm" in text and "500mm" not in text
