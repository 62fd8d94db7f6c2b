"""The whole way from a question to a checked answer: a real PDF, a real index, a real server for the model."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from chat_server import ChatServer, serving
from home_server import ANSWER, NAME, Home, serving_home
from PIL import Image, ImageDraw, ImageFont

from ingestion.elements import BBox
from rag.answering.answer import LONGEST_QUESTION, QUOTED, Delta, Done, Event, Found, Thinking, answer
from rag.answering.citing.citations import REFUSAL
from rag.answering.citing.pinpoint import pinpointed
from rag.answering.evidence.gathering import gather
from rag.answering.questions.understanding import understood
from rag.config import Settings
from rag.errors import EmptyQuestion, QuestionTooLong
from rag.index import Index
from rag.llm.openai_compatible import OpenAICompatible
from rag.types import Answer, Citation, Hit, Query, Turn


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with serving() as running:
        yield running


def model(server: ChatServer, name: str) -> OpenAICompatible:
    return OpenAICompatible(Settings(llm_model=name, llm_base_url=server.url))


def done(events: list[Event]) -> Answer:
    """Checks the order of events and that the pieces are the text; gives the answer."""
    assert isinstance(events[0], Found) and isinstance(events[-1], Done)
    result = events[-1].answer
    assert "".join(e.text for e in events[1:-1] if isinstance(e, Delta)) == result.text
    assert events[0].evidence == result.evidence
    return result


def number_of(index: Index, question: str, kind: str) -> int:
    """The [n] under which evidence of a kind is sent for a question."""
    found = next(answer(index, Query(question)))
    assert isinstance(found, Found)
    return next(e.number for e in found.evidence if e.chunk.kind == kind)


def test_without_a_model_the_table_row_is_quoted_with_its_page_and_box(index: Index) -> None:
    result = done(list(answer(index, Query("What does error E18 mean?"))))
    assert "| E18 | Drain pump blocked | Remove the cover and free the impeller [1] |" in result.text
    citation = result.citations[0]
    assert (citation.page, citation.kind, citation.supported) == (2, "table", True)
    assert "E18" in citation.quote
    assert citation.image is not None and index.files.path(citation.doc, citation.image).is_file()
    assert result.notice == f"This answers it directly. {QUOTED}" and result.model == "quotes" and not result.refused


def test_prose_is_quoted_from_its_passage(index: Index) -> None:
    result = done(list(answer(index, Query("How much does the drum weigh?"))))
    assert "The drum weighs 46 kg" in result.text
    assert result.citations[0].page == 1


def test_what_the_document_does_not_say_is_refused(index: Index) -> None:
    result = done(list(answer(index, Query("What does error E77 mean?"))))
    assert result.refused and result.citations == () and result.sureness == ""
    assert result.text == f"{REFUSAL} “E77” stands nowhere in these documents."


def test_two_questions_at_once_are_answered_one_below_the_other(index: Index) -> None:
    result = done(list(answer(index, Query("What does error E18 mean and how much does the drum weigh?"))))
    first, second = result.text.split("**How much does the drum weigh?**")
    assert first.startswith("**What does error E18 mean?**") and "Drain pump blocked" in first
    assert "The drum weighs 46 kg" in second and "E18" not in second
    assert {citation.page for citation in result.citations} == {1, 2}
    assert result.sureness in ("direct", "likely")


def test_what_looks_like_a_marker_in_a_question_is_none_in_its_answer(index: Index) -> None:
    result = done(list(answer(index, Query("What does *error* E18 [9] mean and how much does the drum weigh [1]?"))))
    assert "[9]" not in result.text and result.dropped_markers == 0
    assert "**How much does the drum weigh" in result.text and "weigh [1]" not in result.text


def test_of_two_questions_one_may_have_no_answer(index: Index) -> None:
    result = done(list(answer(index, Query("What does error E77 mean and how much does the drum weigh?"))))
    assert f"{REFUSAL} “E77” stands nowhere" in result.text and "The drum weighs 46 kg" in result.text
    assert not result.refused and result.sureness == "closest"
    result = done(list(answer(index, Query("What does error E77 mean and what is fault E78?"))))
    assert result.refused and result.text == f"{REFUSAL} “E77”, “E78” stand nowhere in these documents."


def test_a_model_is_given_the_evidence_of_both_questions(index: Index, server: ChatServer) -> None:
    server.reply = ("Both [1].",)
    question = Query("What does error E18 mean and how much does the drum weigh?")
    done(list(answer(index, question, llm=model(server, "sighted"))))
    prompt = str(server.chats()[-1]["messages"][-1])
    assert "The drum weighs 46 kg" in prompt and "Drain pump blocked" in prompt


def test_what_is_only_near_is_shown_and_called_so(index: Index) -> None:
    result = done(list(answer(index, Query("Who is the chief executive of the company?"))))
    assert result.refused or (result.sureness == "closest" and result.citations)


def test_a_picture_alone_finds_its_figure(index: Index) -> None:
    found = next(answer(index, Query("Figure 1 drain pump exploded view")))
    assert isinstance(found, Found)
    crop = next(e.crop for e in found.evidence if e.chunk.kind == "figure")
    assert crop is not None
    with Image.open(crop) as picture:
        result = done(list(answer(index, Query(image=picture.convert("RGB")))))
    assert result.text.startswith("Your picture shows Figure 1 on page 3")
    assert result.citations[0].page == 3


def test_a_models_answer_is_streamed_tidied_and_checked(index: Index, server: ChatServer) -> None:
    question = "What does error E18 mean?"
    n = number_of(index, question, "table")
    server.reply = ("E18: the drain pump is blo", f"cked [{n}", "]. Replace relay K9 ", f"[{n}][77]. It is blue [99].")
    result = done(list(answer(index, Query(question), llm=model(server, "sighted"))))
    assert result.text == f"E18: the drain pump is blocked [{n}]. Replace relay K9 [{n}]. It is blue."
    assert result.dropped_markers == 2
    (citation,) = result.citations
    assert (citation.kind, citation.supported) == ("table", False)
    assert result.model == "sighted" and result.notice == ""
    prompt = server.chats()[-1]["messages"]
    assert "image_url" in str(prompt[-1]) and "<evidence n=" in str(prompt[-1])


def test_a_model_that_refuses_cites_nothing(index: Index, server: ChatServer) -> None:
    server.reply = (REFUSAL,)
    result = done(list(answer(index, Query("What does error E18 mean?"), llm=model(server, "sighted"))))
    assert result.refused and result.citations == () and result.notice == ""


def test_an_answer_without_citations_says_so(index: Index, server: ChatServer) -> None:
    server.reply = ("It means that the pump is blocked.",)
    result = done(list(answer(index, Query("What does error E18 mean?"), llm=model(server, "sighted"))))
    assert "cites no evidence" in result.notice


def test_a_blind_model_gets_words_and_the_reader_is_told(index: Index, server: ChatServer) -> None:
    picture = Image.new("RGB", (600, 120), "white")
    ImageDraw.Draw(picture).text((20, 30), "Error E18", fill="black", font=ImageFont.load_default(60))
    result = done(list(answer(index, Query("What is this?", image=picture), llm=model(server, "blind"))))
    assert "does not see pictures" in result.notice
    prompt = str(server.chats()[-1]["messages"])
    assert "image_url" not in prompt and "E18" in prompt.split("The words in it:")[1]


def test_a_model_that_thinks_is_seen_to_think(index: Index, server: ChatServer) -> None:
    events = list(answer(index, Query("How do I clean the filter?"), llm=model(server, "think")))
    assert "".join(e.text for e in events if isinstance(e, Thinking)) == "E41? no, [9]"
    assert isinstance(events[1], Thinking)
    assert [e.answer.text for e in events if isinstance(e, Done)] == ["The answer [1]."]


def test_thoughts_whose_opening_the_server_kept_are_taken_out_of_the_answer(index: Index) -> None:
    with serving_home(Home(thinks="unopened", options=frozenset())) as home:
        llm = model(home, NAME)
        said = [list(answer(index, Query("What does error E18 mean?"), llm=llm)) for _ in range(2)]
        home.home.thinks = ""
        said.append(list(answer(index, Query("What does error E18 mean?"), llm=llm)))
    assert [e.answer.text for events in said for e in events if isinstance(e, Done)] == [ANSWER] * 3
    assert [any(isinstance(e, Thinking) for e in events) for events in said[:2]] == [False, True]
    assert "".join(e.text for e in said[1] if isinstance(e, Delta)) == ANSWER


def test_closing_the_answer_stops_the_model(index: Index, server: ChatServer) -> None:
    server.native["/props"] = {"modalities": {"vision": False}}  # else it would be asked, and never end
    events = answer(index, Query("How do I clean the filter?"), llm=model(server, "endless"))
    assert isinstance(next(events), Found)
    assert isinstance(next(events), Delta)
    events.close()  # type: ignore[attr-defined]
    assert server.client_gone.wait(60)


def test_no_evidence_no_model(server: ChatServer, settings: Settings) -> None:
    with Index.open(settings, create=True) as empty:
        result = done(list(answer(empty, Query("Anything?"), llm=model(server, "good"))))
    assert result.refused and "add PDFs" in result.notice
    assert not server.requests


@pytest.mark.parametrize(
    ("query", "error", "words"),
    [
        (Query("  \n"), EmptyQuestion, "picture"),
        (Query("x" * 100_000), QuestionTooLong, f"at most {LONGEST_QUESTION:,}"),
    ],
)
def test_a_question_is_checked_first(index: Index, query: Query, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        next(answer(index, query))


def test_a_follow_up_finds_what_the_question_before_it_was_about(index: Index) -> None:
    history = [Turn("What does error E18 mean?", "The pump is blocked [1].")]
    result = done(list(answer(index, Query("And how do I fix it?"), history)))
    assert "E18" in result.text
    assert result.understood == "And how do I fix it? (error E18)"
    alone = done(list(answer(index, Query("And how do I fix it?", as_typed=True), history)))
    assert not alone.understood


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("And how do I fix it?", "And how do I fix it? (E18)"),
        ("Why?", "Why? (E18)"),
        ("Where is the lint filter mounted?", "Where is the lint filter mounted?"),
        ("", ""),
    ],
)
def test_only_follow_ups_take_the_question_before_along(question: str, searched: str) -> None:
    history = [Turn("", "a picture"), Turn("What does E18 mean?", "Blocked [1]."), Turn("", "again a picture")]
    assert understood(Query(question), history).text == searched
    assert understood(Query(question), ()).text == question
    assert understood(Query(question, as_typed=True), history).text == question


def test_a_citation_of_a_whole_page_is_narrowed_to_what_holds_the_quote(index: Index) -> None:
    doc = index.catalogue.ids()[0]
    whole = BBox(0, 0, 595, 842)
    cited = Citation(1, doc, 2, whole, "page", "", "Code: E18; Meaning: Drain pump blocked", None, True)
    (evidence,) = gather(index, [Hit(index.catalogue.chunks_of(doc, 2, ("page",))[0], 1.0)], index.settings)
    narrowed = pinpointed(index, cited, evidence)
    assert narrowed.kind == "table" and narrowed.bbox != whole and narrowed.image
    vague = replace(cited, quote="nothing like that on the page at all")
    assert pinpointed(index, vague, evidence) == vague


def test_settings_limit_the_pictures(index: Index, server: ChatServer) -> None:
    limited = replace(index.settings, llm_pictures=0)
    list(answer(index, Query("Figure 1 drain pump"), llm=model(server, "sighted"), settings=limited))
    assert "image_url" not in str(server.chats()[-1]["messages"])


UNKNOWN = "Your picture stands in none of the documents, and nothing in them is really like it."


UNKNOWN_IN_GERMAN = "Ihr Bild steht in keinem der Dokumente, und nichts darin ist ihm wirklich ähnlich."


def drawn(*lines: str) -> Image.Image:
    """A message in a window, as a screenshot of a device has it."""
    picture, font = Image.new("RGB", (620, 60 + 60 * len(lines)), (210, 214, 220)), ImageFont.load_default(34)
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((30, 30 + 60 * number), line, fill="black", font=font)
    return picture


def gradient() -> Image.Image:
    return Image.linear_gradient("L").resize((400, 300)).convert("RGB")


PANCAKES = drawn("Pancakes for four people", "Half a litre of milk, three eggs", "Fry on both sides")


@pytest.mark.parametrize(
    ("picture", "question"),
    [
        (Image.new("RGB", (600, 400), (40, 80, 200)), "How do I fix this?"),
        (gradient(), ""),
        (PANCAKES, ""),
        (PANCAKES, "What does this picture show?"),
        (PANCAKES, "How do I fix this?"),
        (PANCAKES, "What is number 7?"),
        (drawn("E77", "Clean the inlet", "Water inlet"), "What does this error mean?"),
        (drawn("Ofen", "E77"), "Was bedeutet diese Fehlermeldung?"),
    ],
)
def test_an_unknown_picture_is_said_first_and_nothing_is_quoted(
    index: Index, picture: Image.Image, question: str
) -> None:
    result = done(list(answer(index, Query(question, picture))))
    assert result.text in (UNKNOWN, UNKNOWN_IN_GERMAN) and result.notice == QUOTED
    assert result.refused and result.citations == () and result.sureness == ""


def test_a_question_that_stands_alone_is_answered_after_the_unknown_picture(index: Index) -> None:
    blue = Image.new("RGB", (600, 400), (40, 80, 200))
    result = done(list(answer(index, Query("What does error E18 mean?", blue))))
    assert result.text.startswith(f"{UNKNOWN}\n\n") and "Drain pump blocked" in result.text
    assert not result.refused and result.citations[0].page == 2
    assert result.evidence == done(list(answer(index, Query("What does error E18 mean?")))).evidence
    other = done(list(answer(index, Query("Was bedeutet der Fehlercode E77?", blue))))
    assert other.text.startswith("Ihr Bild steht in keinem der Dokumente") and other.refused


def test_a_picture_with_words_of_a_table_is_like_it_and_its_code_is_asked_for(index: Index) -> None:
    message = drawn("E11", "Water inlet blocked")
    result = done(list(answer(index, Query("How do I fix this?", message))))
    assert "Table 1 on page 2 of lagoon-manual.pdf" in result.text and UNKNOWN not in result.text
    assert "Clean the inlet filter" in result.text


@pytest.mark.parametrize(
    "question",
    [
        "What does this error mean?",
        "What does the error code mean?",
        "Was bedeutet dieser Fehler?",
        "Que signifie ce code ?",
    ],
)
def test_a_question_that_points_at_a_display_is_answered_for_the_code_on_it(index: Index, question: str) -> None:
    result = done(list(answer(index, Query(question, drawn("E18")))))
    assert "Drain pump blocked" in result.text and "Water inlet blocked" not in result.text
    assert result.citations[0].page == 2


@pytest.mark.parametrize(
    "question",
    ["E18 是什么意思？", "错误E18是什么？", "E18とは何ですか？", "Что означает ошибка E18?", "E18 क्या है?", "E18คืออะไร"],
)
def test_a_question_in_another_script_is_answered_by_its_code(index: Index, question: str) -> None:
    """Also in languages that are written without the function words by which others are told."""
    result = done(list(answer(index, Query(question))))
    assert "Drain pump blocked" in result.text
