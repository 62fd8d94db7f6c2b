"""What a question names by its number and only wants to see: a page, a figure, a table, a section, all of a kind."""

from collections.abc import Callable, Iterator

import pytest
from chat_server import serving

from rag.answering.answer import Done, answer
from rag.config import Settings
from rag.index import Index
from rag.llm.openai_compatible import OpenAICompatible
from rag.types import Answer, Query, Turn

GUIDE = """<html><head><title>Kite guide</title></head><body><h1>Kite guide</h1>
<h2>1 Introduction</h2><p>This guide tells how a kite is built, flown and mended at home.</p>
<h2>2 Safety</h2><p>Never fly a kite near power lines or in a thunderstorm.</p>
<h3>2.1 Before the flight</h3><p>Look at the knots of the bridle before each flight.</p>
<h3>2.2 After the flight</h3><p>Dry the sail in the shade before it is rolled up.</p>
<h2>3 Repairs</h2><p>Small holes are closed with tape, see Table 2 for the sizes.</p>
<table><caption>Table 2: Tape for holes</caption><tr><th>Hole</th><th>Tape</th></tr>
<tr><td>2 mm</td><td>10 mm</td></tr><tr><td>8 mm</td><td>25 mm</td></tr></table>
<h2>Technical data</h2><table><tr><th>Part</th><th>Size</th></tr><tr><td>Sail</td><td>2 m²</td></tr>
<tr><td>Line</td><td>40 m</td></tr></table>
<h2>4.1 Spars</h2><p>A spar of carbon is cut with a fine saw and never broken.</p>
<h2>4.2 Lines</h2><p>Lines of polyester are as long as the field allows.</p>
</body></html>"""


@pytest.fixture(scope="module")
def index(copy_of: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    guide = tmp_path_factory.mktemp("parts") / "kite-guide.html"
    guide.write_text(GUIDE, encoding="utf-8")
    with Index.open(copy_of()) as opened:
        assert [one.status for one in opened.add([guide])] == ["added"]
        yield opened


def asked(index: Index, question: str, *names: str, history: tuple[Turn, ...] = ()) -> Answer:
    docs = frozenset(index.catalogue.find(name).id for name in names) or None
    done = list(answer(index, Query(question, docs=docs), history))[-1]
    assert isinstance(done, Done)
    return done.answer


def test_a_page_is_told_part_by_part_with_its_picture(index: Index) -> None:
    found = asked(index, "What is on page 2?", "lagoon-manual.pdf")
    assert found.text.startswith("lagoon-manual.pdf, page 2 [1]:")
    assert (
        "Fault finding: The display shows one of the codes in Table 1" in found.text and "Table 1: Error" in found.text
    )
    assert found.evidence[0].chunk.kind == "page" and {c.page for c in found.citations} == {2}


def test_a_figure_is_shown_with_the_sentences_that_speak_of_it(index: Index) -> None:
    found = asked(index, "Zeig mir Abbildung 1", "lagoon-manual.pdf")
    assert "Drain pump, exploded view [1]" in found.text
    assert "- Figure 1 shows the pump with its cover taken off [2]." in found.text
    assert [e.chunk.kind for e in found.evidence] == ["figure", "text"]


def test_a_table_is_shown_whole_from_whichever_document_has_it(index: Index) -> None:
    found = asked(index, "what does table 2 say?")
    assert "| 8 mm | 25 mm [1] |" in found.text and {e.doc_name for e in found.evidence} == {"kite-guide.html"}


def test_a_part_follows_no_question_before_it(index: Index) -> None:
    before = (Turn("How heavy is the drum?", "The drum weighs 46 kg [1]."),)
    assert "| 8 mm | 25 mm [1] |" in asked(index, "and table 2?", history=before).text


def test_a_section_is_told_by_its_number_and_one_without_a_heading_by_its_parts(index: Index) -> None:
    assert "2.2 After the flight (page 1): Dry the sail" in asked(index, "what is in section 2?").text
    spars = asked(index, "summarize chapter 4", "kite-guide.html").text
    assert "4.1 Spars" in spars and "4.2 Lines" in spars and "Dry the sail" not in spars


def test_all_of_a_kind_are_listed_and_counted(index: Index) -> None:
    assert asked(index, "list all tables", "lagoon-manual.pdf").text.startswith(
        "Tables in lagoon-manual.pdf: 1\n\n- Table 1"
    )
    assert (
        "Abbildungen in lagoon-manual.pdf: 1" in asked(index, "Welche Abbildungen gibt es?", "lagoon-manual.pdf").text
    )
    chapters = asked(index, "list the chapters", "kite-guide.html").text
    assert [f"- {name} (page 1)" in chapters for name in ("2 Safety", "3 Repairs")] == [True, True]


@pytest.mark.parametrize(
    ("question", "lead"),
    [("What are the technical data?", "From"), ("technical data", "From"), ("Technische Daten", "Aus")],
)
def test_the_technical_data_are_the_tables_that_are_called_so(index: Index, question: str, lead: str) -> None:
    found = asked(index, question)
    assert found.text.startswith(f"kite-guide.html:\n\n{lead} ") and "| Line | 40 m [1] |" in found.text
    assert "Tape" not in found.text and "lagoon" not in found.text
    assert "| Line |" not in asked(index, question, "lagoon-manual.pdf").text


def test_the_document_may_be_named(index: Index) -> None:
    found = asked(index, "Show page 1 of the kite guide")
    assert found.text.startswith("kite-guide.html, page 1 [1]:") and "lagoon" not in found.text


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Show me figure 33", "“Figure 33”"),
        ("what is on page 99?", "“Page 99”"),
        ("Was zeigt Tabelle 14?", "„Tabelle 14“"),
    ],
)
def test_what_stands_nowhere_is_said_to(index: Index, question: str, part: str) -> None:
    found = asked(index, question)
    assert found.refused and not found.citations and part in found.text


def test_a_question_about_a_part_is_searched_for_there_first(index: Index) -> None:
    found = asked(index, "Which tape does table 2 give for a hole of 8 mm?")
    assert found.evidence[0].doc_name == "kite-guide.html" and "25 mm" in found.text
    assert found.evidence[0].chunk.kind == "table"


def test_a_part_outside_the_pages_that_are_asked_is_not_brought(index: Index) -> None:
    docs = frozenset([index.catalogue.find("lagoon-manual.pdf").id])
    done = list(answer(index, Query("Which code of table 1 is about the pump?", docs=docs, pages=(3, 3))))[-1]
    assert isinstance(done, Done) and {e.chunk.page for e in done.answer.evidence} == {3}


def test_a_model_is_given_the_part_first(index: Index) -> None:
    with serving() as server:
        llm = OpenAICompatible(Settings(llm_model="sighted", llm_base_url=server.url))
        docs = frozenset([index.catalogue.find("lagoon-manual.pdf").id])
        done = list(answer(index, Query("Explain table 1", docs=docs), llm=llm))[-1]
    assert isinstance(done, Done) and done.answer.evidence[0].chunk.caption.startswith("Table 1")


def test_a_picture_that_is_to_be_shown_comes_first(index: Index) -> None:
    found = asked(index, "Show me a drawing of the pump for draining")
    assert found.evidence[0].chunk.caption == "Figure 1: Drain pump, exploded view"
    assert "Drain pump, exploded view [1]" in found.text.split("\n\n")[-1].splitlines()[0]
