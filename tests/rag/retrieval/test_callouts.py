"""Questions for numbers in figures, on an index of small real PDFs made here."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from callout_drawing import chart, exploded_view, panel, two_panels
from made_evidence import quote_answer

from ingestion.callouts.linking import mentioning_sentences
from ingestion.geometry import inside
from rag.answering.citing.citations import cite
from rag.answering.citing.pinpoint import pinpointed
from rag.answering.evidence.gathering import gather
from rag.answering.extraction.label_rows import label_rows
from rag.answering.passages.quotations import passages_of
from rag.config import Settings
from rag.index import Index
from rag.retrieval.callouts import labels_asked
from rag.retrieval.search import search
from rag.types import Hit, Query


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("what is number 7?", ("7",)),
        ("exploded drawing: what do they call the part marked 65?", ("65",)),
        ("item 12", ("12",)),
        ("callout C", ("C",)),
        ("what does the letter C stand for?", ("C",)),
        ("marked with a 3?", ("3",)),
        ("What is ③?", ("3",)),
        ("what is #7", ("7",)),
        ("which part is 12?", ("12",)),
        ("What do the numbers 2, 3 and 5 in the drawing mean?", ("2", "3", "5")),
        ("part 7a", ("7A",)),
        ("Was ist Teil 12?", ("12",)),
        ("Nr. 7", ("7",)),
        ("Pos. 9", ("9",)),
        ("Wie heißt das mit 8 bezeichnete Teil?", ("8",)),
        ("repère 4", ("4",)),
        ("qu'est-ce que le numéro 7 ?", ("7",)),
        ("¿Cómo se llama la pieza 5?", ("5",)),
        ("7番は何ですか", ("7",)),
        ("部品 5 は何ですか", ("5",)),
        ("Что такое деталь 5?", ("5",)),
        ("What is D on the drawing?", ("D",)),
        ("what does (E) show in figure 2", ("E",)),
        ("was ist A auf der Zeichnung?", ("A",)),
        ("Que montre F sur le dessin ?", ("F",)),
        ("qué es la B en la figura 3?", ("B",)),
        ("What does button B do?", ("B",)),
        ("Wofür ist Taste C?", ("C",)),
    ],
)
def test_labels_are_understood_in_many_words_and_languages(question: str, keys: tuple[str, ...]) -> None:
    asked = labels_asked(question)
    assert (asked.keys, asked.sure) == (keys, True)


@pytest.mark.parametrize(
    "question",
    [
        "page number 7",
        "what is the part number 65-1234?",
        "How many parts are in Figure 3?",
        "what torque for the screw in position 3 mm",
        "how do I use the 3 buttons",
        "step number 4",
        "is the model number 12?",
        "A picture of the pump",
        "What is in figure A?",
        "Is vitamin C in the diagram of the LED?",
        "what does button 2 do",
    ],
)
def test_other_numbers_are_no_labels(question: str) -> None:
    assert labels_asked(question).keys == ()


def test_a_part_of_a_text_is_not_taken_for_a_label_for_sure() -> None:
    assert not labels_asked("Item 7 management's discussion of revenue growth in 2019").sure


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("callouts")
    settings = Settings(index=folder / "index", encoder="builtin", words="static", workers=1, ocr="off")
    with Index.open(settings, create=True) as opened:
        opened.add([make(folder) for make in (exploded_view, panel, two_panels, chart)])
        yield opened


def found(index: Index, question: str, document: str = "") -> list[Hit]:
    ids = {entry.name: entry.id for entry in index.catalogue.documents()}
    docs = frozenset({ids[document]}) if document else None
    return list(search(index, Query(question, docs=docs), 10).hits)


def name_of(index: Index, hit: Hit) -> str:
    return index.catalogue.document(hit.chunk.doc).name


@pytest.mark.parametrize("question", ["what is number 7?", "Was ist Teil 7?", "which part is marked 7", "repère 7"])
@pytest.mark.parametrize("document", ["exploded.pdf", ""])
def test_a_number_finds_its_row_and_the_figure_beside_it(index: Index, question: str, document: str) -> None:
    row, figure = found(index, question, document)[:2]
    assert (row.chunk.kind, row.chunk.page, name_of(index, row)) == ("table", 2, "exploded.pdf")
    assert (figure.chunk.kind, figure.chunk.page, name_of(index, figure)) == ("figure", 1, "exploded.pdf")
    assert "№ 7: Drain valve" in figure.chunk.mentions
    words = {
        text for text, box in index.files.lines(row.chunk.doc, 2) if row.bbox.y0 <= (box.y0 + box.y1) / 2 <= row.bbox.y1
    }
    assert {"7", "Drain valve"} <= words and "Compressor" not in words


def test_a_letter_finds_its_row_and_the_panel(index: Index) -> None:
    row, figure = found(index, "what does the letter D stand for?")[:2]
    assert "D: Lamp of the full tank" in row.chunk.text
    assert (figure.chunk.kind, name_of(index, figure)) == ("figure", "panel.pdf")


def test_of_two_figures_with_a_number_the_one_that_is_asked_for_comes_first(index: Index) -> None:
    hits = found(index, "exploded view: what is number 3?")
    assert [name_of(index, hit) for hit in hits[:2]] == ["exploded.pdf", "exploded.pdf"]


def test_the_figure_is_found_by_the_words_of_its_legend(index: Index) -> None:
    hits = found(index, "where is the drain valve?")
    assert any(hit.chunk.kind == "figure" and name_of(index, hit) == "exploded.pdf" for hit in hits[:3])


def test_a_number_that_no_figure_shows_changes_nothing(index: Index) -> None:
    assert found(index, "what is number 88?")
    plain = [hit.chunk.id for hit in found(index, "empty the tank")]
    assert plain and name_of(index, found(index, "empty the tank")[0]) == "chart.pdf"


def test_scores_never_rise_down_the_list(index: Index) -> None:
    scores = [hit.score for hit in found(index, "what are the numbers 3 and 7?")]
    assert scores == sorted(scores, reverse=True)


def test_a_label_of_something_else_does_not_come_first(index: Index) -> None:
    assert (
        name_of(index, found(index, "what does callout 3 do on the humidity display of the control panel?")[0])
        == "panel.pdf"
    )


@pytest.mark.parametrize("question", ["What is number 7?", "Was ist Teil 7?", "what do they call the part marked 7"])
def test_the_row_is_quoted_where_no_model_answers(index: Index, question: str) -> None:
    said = quote_answer(question, gather(index, found(index, question), index.settings))
    assert re.search("(on page|auf Seite) 2:\n", said) and said.endswith("| 7 | Drain valve | D-4049 | 1 [1] |")


def test_a_question_for_more_than_the_name_is_not_answered_by_the_row_alone(index: Index) -> None:
    passages = [p for e in gather(index, found(index, "what is number 7?"), index.settings) for p in passages_of(e)]
    assert len(label_rows("What is number 7?", passages)) == 1
    assert label_rows("What torque has part 7?", passages) == []
    assert label_rows("What is number 99?", passages) == []


def test_a_citation_of_a_figures_label_is_narrowed_down_to_the_row(index: Index) -> None:
    evidence = gather(index, found(index, "what is number 7?"), index.settings)
    figure = next(e for e in evidence if e.chunk.kind == "figure" and "№ 7: Drain valve" in e.text)
    citation = cite(f"Number 7 is the drain valve [{figure.number}].", evidence)[0]
    assert citation.quote.startswith("№ 7: Drain valve")
    placed = pinpointed(index, citation, figure)
    lines = [text for text, box in index.files.lines(placed.doc, 2) if inside(box, placed.bbox) > 0.5]
    assert (placed.page, placed.kind) == (2, "text")
    assert "Drain valve" in lines and "Compressor" not in lines


def test_what_figures_as_a_whole_are_asked_by_leaves_their_labels_out() -> None:
    assert mentioning_sentences("Figure 3 shows the valve.\n№ 7: Drain valve") == ["Figure 3 shows the valve."]


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("nello schema grande dell'impianto il 13 cos'è?", ("13",)),
        ("Welches Teil ist in der Übersichtszeichnung die 7?", ("7",)),
        ("was ist die 12 auf dem bild", ("12",)),
        ("quel est le 5 sur le dessin ?", ("5",)),
        ("in the drawing, what is the 9?", ("9",)),
        ("does the picture show the 3 screws?", ()),
        ("Was zeigt die Abbildung auf der Seite 7?", ()),
        ("what is the 9?", ()),
    ],
)
def test_a_number_alone_is_a_label_where_a_drawing_is_spoken_of(question: str, keys: tuple[str, ...]) -> None:
    assert labels_asked(question).keys == keys
