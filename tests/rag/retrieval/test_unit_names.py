"""Units written out in a question are the signs of a page; words that are no units name none."""

from collections.abc import Callable, Iterator

import pytest

from rag.config import Settings
from rag.index import Index
from rag.retrieval.knowledge import respelt
from rag.retrieval.query import ParsedQuestion, parse_question
from rag.retrieval.unit_names import signs

PAGE = """<h1>Blower</h1>
<table><tr><th>Type</th><th>Unit</th><th>B1</th></tr>
<tr><td>Noise</td><td>dB(A)</td><td>54</td></tr>
<tr><td>Mains</td><td>Hz</td><td>50</td></tr>
<tr><td>Light</td><td>lx</td><td>80, four lux more outside</td></tr></table>"""


@pytest.fixture(scope="module")
def index(copy_of: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    page = tmp_path_factory.mktemp("units") / "blower.html"
    page.write_text(PAGE, encoding="utf-8")
    with Index.open(copy_of()) as opened:
        assert [one.status for one in opened.add([page])] == ["added"]
        yield opened


def asked(index: Index, text: str) -> ParsedQuestion:
    with index.snapshot():
        return respelt(index.catalogue.full_text(), parse_question(text, ("en", "es", "de", "fr")))


@pytest.mark.parametrize(
    ("word", "sign"), [("decibelios", "db"), ("Dezibel", "db"), ("décibels", "db"), ("hercios", "hz"), ("hertz", "hz")]
)
def test_a_unit_written_out_is_looked_for_by_its_sign(index: Index, word: str, sign: str) -> None:
    question = asked(index, word)
    assert [(sign,) in question.spellings[term] for term in question.terms] == [True]


@pytest.mark.parametrize("word", ["lux", "ohmios", "kilos", "blower"])
def test_one_that_stands_there_itself_or_has_no_sign_there_stays(index: Index, word: str) -> None:
    question = asked(index, word)
    assert not {one[0] for found in question.spellings.values() for one in found} & {"db", "hz", "lx", "ω", "kg"}
    assert signs("blower") == ()
