"""A code that a question names is looked for by itself where other words brought other passages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.answering.evidence.codes_named import AFTER, SOON, with_codes
from rag.config import Settings
from rag.index import Index
from rag.retrieval.search import search
from rag.types import Hit, Query

SCREENS = "".join(
    f"<h2>{n} Screen</h2><p>The display of the boiler shows the temperature of circuit {n} for a while.</p>"
    for n in range(1, 25)
)


@pytest.fixture(scope="module")
def index(copy_of: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    page: Path = tmp_path_factory.mktemp("codes") / "boiler.html"
    page.write_text(f"<h1>Boiler</h1>{SCREENS}<h2>Faults</h2><p>P2: the sensor is broken.</p>", encoding="utf-8")
    with Index.open(copy_of()) as opened:
        assert [one.status for one in opened.add([page])] == ["added"]
        yield opened


def hits(index: Index, of_code: bool) -> list[Hit]:
    """What a search for the display finds, with or without the passage of the code."""
    found = search(index, Query("the display of the boiler shows the temperature"), 28).hits
    return [hit for hit in found if of_code or "P2" not in hit.chunk.text]


def test_the_passage_of_a_code_that_was_not_found_comes_after_the_first(index: Index) -> None:
    given = hits(index, of_code=False)
    found = with_codes(index, Query("the display of the boiler shows P2"), given)
    assert "P2" in found[AFTER].chunk.text and [*found[:AFTER], *found[AFTER + 1 :]] == given


def test_one_that_was_found_late_comes_forward(index: Index) -> None:
    (late,) = search(index, Query("P2"), 1).hits
    given = [*hits(index, of_code=False)[: SOON + 2], late]
    found = with_codes(index, Query("the display of the boiler shows P2"), given)
    assert found[AFTER] is late and len(found) == len(given)


@pytest.mark.parametrize("question", ["the display of the boiler", "the display of the boiler shows P7"])
def test_without_a_code_or_where_it_stands_nowhere_the_hits_stay(index: Index, question: str) -> None:
    given = hits(index, of_code=False)
    assert list(with_codes(index, Query(question), given)) == given
