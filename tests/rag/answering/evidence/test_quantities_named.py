"""A quantity that is asked for in other words than its label's, or in another language: "How heavy is it?", Gewicht."""

from collections.abc import Callable, Iterator

import pytest
from made_evidence import piece

from rag.answering.answer import Done, answer
from rag.answering.evidence.quantities_named import _Wanted
from rag.answering.questions.kinds import kinds_of
from rag.answering.questions.quantities_asked import asks_of_itself
from rag.config import Settings
from rag.index import Index
from rag.types import Answer, Query

ROWS = {
    "english.html": ("Technical data", "Weight", "Dimensions (W x H x D)", "The heavy lid is opened with both hands."),
    "german.html": ("Technische Daten", "Gewicht", "Abmessungen (B x H x T)", "Der schwere Deckel wird geöffnet."),
}


@pytest.fixture(scope="module")
def index(copy_of: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("quantities")
    files = []
    for name, (heading, weight, size, lid) in ROWS.items():
        rows = ((weight, "12.4 kg"), (size, "300 x 200 x 180 mm"), ("Type", "K-12"))
        table = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows)
        prose = "".join(f"<h2>{n} {lid}</h2><p>{lid} {n} mm.</p>" for n in range(1, 25))
        path = folder / name
        path.write_text(f"<h1>K-12</h1>{prose}<h2>{heading}</h2><table>{table}</table>", encoding="utf-8")
        files.append(path)
    with Index.open(copy_of()) as opened:
        assert [one.status for one in opened.add(files)] == ["added", "added"]
        yield opened


def asked(index: Index, question: str, name: str) -> Answer:
    docs = frozenset([index.catalogue.find(name).id])
    done = list(answer(index, Query(question, docs=docs)))[-1]
    assert isinstance(done, Done)
    return done.answer


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize(
    "question", ["How heavy is it?", "Wie schwer ist das Gerät?", "¿Cuánto pesa?", "ile waży urządzenie?"]
)
def test_the_label_of_a_quantity_is_found_in_the_document_s_language(index: Index, question: str, name: str) -> None:
    found = asked(index, question, name)
    assert "12.4 kg" in found.text and found.sureness in ("direct", "likely")


def test_its_size_is_not_its_weight(index: Index) -> None:
    assert "300 x 200 x 180 mm" in asked(index, "how big is it?", "german.html").text


@pytest.mark.parametrize(
    "question",
    [
        "How heavy is it?", "what is the weight of the machine", "Wie schwer ist das Gerät?", "Quel est le poids ?",
        "quanto pesa?", "Hoe zwaar is het apparaat?", "Qual é o peso do aparelho?", "ile waży urządzenie?",
        "本体の重さは？", "dimensions", "power consumption?",
    ],
)  # fmt: skip
def test_nothing_but_the_thing_itself_is_asked_about(question: str) -> None:
    assert asks_of_itself(question, kinds_of(question))


@pytest.mark.parametrize("question", ["How heavy is the drum?", "Wie schwer ist der Deckel?", "How do I open it?"])
def test_a_part_of_it_is_another_question(question: str) -> None:
    assert not asks_of_itself(question, kinds_of(question))
    assert asks_of_itself(question, kinds_of(question), {"drum", "deckel"}) == (not question.startswith("How do"))


def test_the_unit_may_stand_in_the_label() -> None:
    labels = {"en": frozenset(("weight",))}
    wanted = _Wanted(frozenset(("weight",)), labels, frozenset())
    rows = "| Data | AX20 | AX30 |\n|---|---|---|\n| General data / Weight (kg) | 5.8 | 6.1 |"
    assert wanted.told_in(piece(1, rows, "table").chunk)
    assert not wanted.told_in(piece(1, rows.replace("(kg)", "(class)"), "table").chunk)
