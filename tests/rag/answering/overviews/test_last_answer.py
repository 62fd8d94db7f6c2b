"""What is said to a remark on the answer before: nothing is searched for, and nothing is shown that is not there."""

from collections.abc import Callable, Iterator

import pytest
from chat_server import serving
from PIL import Image

from rag.answering.answer import Done, answer
from rag.answering.evidence.gathering import whole
from rag.config import Settings
from rag.index import Index
from rag.llm.openai_compatible import OpenAICompatible
from rag.types import Answer, Query, Turn

GUIDE = """<html><head><title>Kite guide</title></head><body><h1>Kite guide</h1>
<h2>1 Safety</h2><p>A kite line is never flown within 50 metres of a power line. The pilot wears gloves of leather.
In a thunderstorm every kite is taken down at once.</p>
<h2>2 Tape</h2><table><caption>Table 1: Tape for holes</caption><tr><th>Hole</th><th>Width of the tape</th></tr>
<tr><td>2 mm</td><td>10 mm</td></tr><tr><td>8 mm</td><td>25 mm</td></tr></table>
</body></html>"""


@pytest.fixture(scope="module")
def index(copy_of: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    guide = tmp_path_factory.mktemp("remarks") / "kite-guide.html"
    guide.write_text(GUIDE, encoding="utf-8")
    with Index.open(copy_of()) as opened:
        assert [one.status for one in opened.add([guide])] == ["added"]
        yield opened


def asked(index: Index, question: str, *history: Turn, library: frozenset[str] | None = None) -> Answer:
    done = list(answer(index, Query(question, library=library), history))[-1]
    assert isinstance(done, Done)
    return done.answer


def turn(index: Index, question: str) -> Turn:
    found = asked(index, question)
    assert found.citations
    return Turn(question, found.text, found.evidence)


def test_are_you_sure_gives_the_places_in_the_language_of_the_remark(index: Index) -> None:
    before = turn(index, "How far from a power line may a kite be flown?")
    found = asked(index, "are you sure?", before)
    assert found.text.startswith(
        "The answer before rests on these places; open them to compare:\n\n- kite-guide.html, "
    )
    assert found.citations and not found.refused
    assert asked(index, "Bist du sicher?", before).text.startswith("Die Antwort davor beruht auf diesen Stellen")


def test_an_answer_that_was_only_near_is_not_called_sure(index: Index) -> None:
    before = turn(index, "How far from a power line may a kite be flown?")
    near = before._replace(answer=f"This may not answer it. The closest passages:\n\n{before.answer}")
    assert asked(index, "sure?", near).text.startswith("No. The answer before is only near")


def test_shorter_is_the_first_sentence_and_a_table_stays_whole(index: Index) -> None:
    before = turn(index, "How far from a power line may a kite be flown?")
    two = before._replace(answer="- Never within 50 metres [1]. The pilot wears gloves [1].\n- Dry the sail [2].")
    assert asked(index, "kürzer bitte", two).text == "Never within 50 metres [1]."
    steps = "1. Take the line [1].\n2. Wind it up [1]."
    assert asked(index, "shorter", two._replace(answer=f"{steps}\n\nIt takes a minute [2].")).text == steps
    table = "From “Tape” on page 1:\n\n| Hole | Tape [1] |\n| --- | --- |\n| 2 mm | 10 mm |"
    assert asked(index, "shorter", two._replace(answer=table)).text == (
        f"This is the shortest passage that was found:\n\n{table}"
    )


def test_more_is_the_rest_of_the_passage_or_table(index: Index) -> None:
    before = turn(index, "How far from a power line may a kite be flown?")
    first = before._replace(answer="A kite line is never flown within 50 metres of a power line [1].")
    found = asked(index, "tell me more", first)
    assert "The pilot wears gloves of leather" in found.text and "thunderstorm" in found.text and found.citations
    rows = turn(index, "How wide is the tape for a hole of 8 mm?")
    more = asked(index, "mehr Details bitte", rows).text
    assert "10 mm" in more and "25 mm" in more


def test_the_picture_is_the_figure_that_the_quoted_passage_names_else_its_page(index: Index) -> None:
    part = next(
        chunk
        for row in index.catalogue.documents()
        for chunk in index.catalogue.chunks_of(row.id, kinds=("text",))
        if "Figure 1" in chunk.text
    )
    pump = Turn("How is it built?", "It is shown [1].", (whole(index, 1, part),))
    shown = asked(index, "show me the picture", pump)
    assert [c.kind for c in shown.citations] == ["figure"] and "Drain pump, exploded view" in shown.text
    words = turn(index, "How far from a power line may a kite be flown?")
    found = asked(index, "Zeig mir das Bild", words)
    assert found.text.startswith(
        "Neben der zitierten Stelle steht keine Abbildung. Das ist ihre Seite:\n\nkite-guide.html"
    )
    assert found.evidence[0].chunk.kind == "page"


def test_nothing_is_translated_without_a_model(index: Index) -> None:
    before = turn(index, "How far from a power line may a kite be flown?")
    found = asked(index, "traduis ça", before)
    assert found.text.startswith("Sans modèle, je ne peux que citer les documents") and not found.evidence


def test_nothing_is_shown_again_of_documents_that_who_asks_does_not_see_any_more(index: Index) -> None:
    before = turn(index, "How far from a power line may a kite be flown?")
    others = frozenset(row.id for row in index.catalogue.documents() if row.name != "kite-guide.html")
    for remark in ("are you sure?", "shorter", "tell me more", "show me the picture"):
        found = asked(index, remark, before, library=others)
        assert "kite" not in found.text and {e.doc_name for e in found.evidence} <= {"lagoon-manual.pdf"}


def test_the_next_question_leans_on_the_one_before_the_remark(index: Index) -> None:
    before = turn(index, "How far from a power line may a kite be flown?")
    found = asked(index, "and in a thunderstorm?", before, Turn("are you sure?", "…"))
    assert "sure" not in found.understood and "kite" in found.understood


def test_a_remark_without_an_answer_before_is_a_question(index: Index) -> None:
    assert asked(index, "are you sure?").evidence
    assert not asked(index, "are you sure?", Turn("", "")).text.startswith("The answer before")


def test_a_model_is_told_the_remark_itself(index: Index) -> None:
    before = turn(index, "How far from a power line may a kite be flown?")
    with serving() as server:
        model = OpenAICompatible(Settings(llm_model="sighted", llm_base_url=server.url))
        done = list(answer(index, Query("shorter please"), [before], model))[-1]
    assert isinstance(done, Done) and done.answer.model == "sighted"


def test_a_remark_is_on_the_last_answer_that_is_none_to_a_remark(index: Index) -> None:
    before = turn(index, "How far from a power line may a kite be flown?")
    picture = asked(index, "show me the picture", before)
    then = asked(index, "are you sure?", before, Turn("show me the picture", picture.text, picture.evidence))
    assert "50 metres" in then.text and then.citations[0].supported


def test_a_passage_that_was_quoted_whole_is_followed_by_its_page(index: Index) -> None:
    before = turn(index, "How far from a power line may a kite be flown?")
    piece = next(e for e in before.evidence if "50 metres" in e.text)
    whole_text = " ".join(f"{one} [{piece.number}]." for one in piece.chunk.text.replace("\n", " ").split(". "))
    found = asked(index, "more details", before._replace(answer=whole_text.replace("..", ".")))
    assert found.text.startswith("The passage says no more. This is its page:")


def test_a_table_stays_with_its_lead_that_has_the_marker(index: Index) -> None:
    table = "From “Tape” on page 1 [1]:\n\n| Hole | Tape |\n| --- | --- |\n| 2 mm | 10 mm [1] |"
    before = turn(index, "How wide is the tape for a hole of 8 mm?")._replace(answer=f"{table}\n\nDry the sail [2].")
    assert asked(index, "shorter", before).text == table


def test_a_remark_is_none_on_the_picture_that_earlier_questions_were_about(index: Index) -> None:
    before = turn(index, "How far from a power line may a kite be flown?")._replace(question="")
    picture = Image.new("RGB", (60, 40), "navy")
    done = list(answer(index, Query("are you sure?", picture, carried=True), [before]))[-1]
    assert isinstance(done, Done) and done.answer.text.startswith("The answer before rests on these places")
    done = list(answer(index, Query("are you sure?", picture), [before]))[-1]
    assert isinstance(done, Done) and not done.answer.text.startswith("The answer before")


def test_a_follow_up_that_would_repeat_the_answer_shows_what_stands_around_it(index: Index) -> None:
    row = turn(index, "How wide is the tape for a hole of 8 mm?")
    why = asked(index, "Why?", row)
    assert why.text.startswith("The documents say no more than the answer before. What stands around it:\n\n")
    assert "25 mm" in why.text and "10 mm" in why.text and why.citations
    assert why.understood.startswith("Why? (")
    warum = asked(index, "Warum?", turn(index, "Wie breit ist das Klebeband für ein Loch von 8 mm?"))
    assert warum.text.startswith("Die Dokumente sagen nicht mehr als die Antwort davor.")
    how = asked(index, "and how wide is it?", row)
    assert how.text == row.answer  # its own words say what is wanted, and that is the answer to it, too
    again = asked(index, "Why?", row, Turn("Why?", why.text, why.evidence))
    assert again.text != why.text
    assert asked(index, "How wide is the tape for a hole of 8 mm?", row).text == row.answer  # asked anew, not why


def test_over_several_documents_a_table_is_named_with_its_own(index: Index) -> None:
    question = "How wide is the tape for a hole of 8 mm?"
    assert "on page 1 of kite-guide.html" in asked(index, question).text
    guide = next(row.id for row in index.catalogue.documents() if row.name == "kite-guide.html")
    alone = list(answer(index, Query(question, docs=frozenset([guide]))))[-1]
    assert isinstance(alone, Done) and "on page 1:" in alone.answer.text
