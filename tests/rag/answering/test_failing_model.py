"""A configured model that fails, in each way a real server can: the reader is told, and the documents are quoted."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from chat_server import ChatServer, serving

from rag.answering.answer import QUOTING, Delta, Done, Found, answer
from rag.answering.citing.broken_off import worth_keeping
from rag.answering.languages.data import LANGUAGES
from rag.answering.questions.phrases import phrases
from rag.config import Settings
from rag.index import Index
from rag.llm.openai_compatible import OpenAICompatible
from rag.llm.repetition import without_repetition
from rag.types import Answer, Query

QUESTION = "What does error E18 mean?"
QUOTE = "| E18 | Drain pump blocked | Remove the cover and free the impeller"
LEAD = phrases("en").instead


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with serving() as running:
        yield running


def told(index: Index, url: str, model: str, question: str = QUESTION, **more: object) -> tuple[Answer, str]:
    """The answer, and the text as it was streamed."""
    settings = replace(Settings(llm_model=model, llm_base_url=url), **more)  # type: ignore[arg-type]
    events = list(answer(index, Query(question), llm=OpenAICompatible(settings)))
    assert isinstance(events[0], Found) and isinstance(events[-1], Done)
    return events[-1].answer, "".join(event.text for event in events if isinstance(event, Delta))


WAYS = {  # how the server behaves, and what the reader is told of it
    "no_such_model": "PAGESIGHT_LLM_MODEL",
    "crash": "loading model",
    "overloaded": "exceeded your current quota",
    "html": "did not answer with a chat completion",
    "empty": "answered nothing",
    "blanks": "only its thoughts or blanks",
    "pondering": "only its thoughts",
    "refusing200": "no such adapter",
    "unsaid": "maximum context length",
    "loop": "began to repeat itself",
    "broken": "CUDA out of memory",
    "slow": "sent nothing for 1 s",
}


@pytest.mark.parametrize(("model", "reason"), WAYS.items())
def test_the_documents_are_quoted_where_nothing_of_the_model_is_worth_keeping(
    index: Index, server: ChatServer, model: str, reason: str
) -> None:
    result, streamed = told(index, server.url, model, llm_timeout=1.0 if model == "slow" else 60.0)
    assert reason in result.failed and result.failed in result.notice
    assert "No model is configured" not in result.notice
    assert result.text.startswith(f"{LEAD}\n\n") and QUOTE in result.text
    assert streamed.endswith(result.text)  # what came of the model before it failed has been shown
    assert (result.model, result.refused, result.sureness) == (QUOTING, False, "direct")
    assert [(c.page, c.kind, c.supported) for c in result.citations] == [(2, "table", True)]


def test_no_server_at_all(index: Index) -> None:
    result, streamed = told(index, "http://127.0.0.1:9/v1", "m")
    assert "PAGESIGHT_LLM_BASE_URL" in result.failed and streamed == result.text and QUOTE in result.text


def test_a_wrong_key(index: Index, server: ChatServer) -> None:
    server.key = "right"
    result, _ = told(index, server.url, "good", llm_api_key="wrong")
    assert "PAGESIGHT_LLM_API_KEY" in result.failed and "wrong" not in result.failed.split() and QUOTE in result.text


@pytest.mark.parametrize("model", ["early", "dropped"])
def test_what_came_before_the_server_died_is_kept_above_the_quotation(
    index: Index, server: ChatServer, model: str
) -> None:
    server.native["/api/show"] = {"capabilities": ["vision"]}
    server.reply = ("The cover is red and is screwed to the pump [1]. And then",)
    result, streamed = told(index, server.url, model)
    kept = "The cover is red and is screwed to the pump [1]. And then …"
    assert result.text.startswith(f"{kept}\n\n{LEAD}\n\n") and QUOTE in result.text
    assert streamed.replace("And then", "And then …") == result.text
    assert result.notice.startswith("The answer was cut short.") and result.failed in result.notice
    assert (result.model, result.sureness) == (model, "")
    numbers = [c.number for c in result.citations]
    assert numbers[0] == 1 and len(set(numbers)) == len(numbers)
    first = result.citations[0]
    assert not first.supported and first.doubt  # what the model said of it is checked, what is quoted is not


def test_a_reply_that_reached_a_limit_is_an_answer(index: Index, server: ChatServer) -> None:
    result, _ = told(index, server.url, "long")
    assert result.text == "It begins [1]" and not result.failed and LEAD not in result.text
    assert "cut short" in result.notice and "length limit" in result.notice


def test_what_the_documents_do_not_hold_is_refused_without_a_model_too(index: Index) -> None:
    result, _ = told(index, "http://127.0.0.1:9/v1", "m", "What does error E77 mean?")
    assert result.refused and result.failed and LEAD not in result.text and "E77" in result.text


def test_the_line_is_in_the_language_of_the_question(index: Index) -> None:
    result, _ = told(index, "http://127.0.0.1:9/v1", "m", "Was bedeutet der Fehler E18?")
    assert result.text.startswith(phrases("de").instead) and QUOTE in result.text
    assert len({phrases(language).instead for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("Half", ""),
        ("The filter", ""),
        ("E6 " * 400, ""),
        ("It is [2]", "It is [2]"),
        ("The pump is blocked by lint. Rem", "The pump is blocked by lint. Rem …"),
        ("泵被棉絮堵住了。请", "泵被棉絮堵住了。请 …"),
        ("Run this [1]:\n```\nreset --now", "Run this [1]:\n```\nreset --now\n```\n…"),
        ("It is blocked [1]. " + "Clean it at once. " * 60, "It is blocked [1]. Clean it at once."),
    ],
)
def test_what_is_worth_keeping(text: str, kept: str) -> None:
    assert worth_keeping(text) == kept


def test_a_repetition_stands_once() -> None:
    assert without_repetition("One. " + "Two and three are four. " * 60) == "One. Two and three are four."
    assert without_repetition("Nothing is said twice here.") == "Nothing is said twice here."
