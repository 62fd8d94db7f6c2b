"""Documents that give orders: from the file through the index to what a model is told and a person is shown.

The model's server is real. What it is told is read as servers read it, control tokens first: whatever order stands
outside of the evidence is one that a model would obey. What it replies is as bad as can be: it says again whatever the
evidence says, links, pictures and markers included. ``docs/injection.md`` has the table of what was tried.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from attacks import ATTACKS, FACT, QUESTION, Attack, write
from chat_server import ChatServer, serving
from made_once import made_once
from shown_html import Tags

from rag.answering.answer import Delta, Done, answer
from rag.answering.prompting.prompts import SYSTEM
from rag.cli import output
from rag.config import Settings
from rag.index import Index
from rag.llm.openai_compatible import OpenAICompatible
from rag.types import Answer, Query, Turn
from ui.shown import messages, payload
from ui.state.backend import Library
from ui.state.session import Exchange

FENCE = re.compile(r'<evidence(?: [a-z]+="[^"<>]*")*>\n.*?\n</evidence>', re.DOTALL)
CONTROL_TOKENS = re.compile(
    r"<[|｜][^<>]*[|｜]>|</?(?:s|bos|start_of_turn|end_of_turn|think|tool_call|image|image_soft_token|__media__)>|"
    r"\[/?INST\]|<</?SYS>>"
)
TAGS = {0xE0000 + code: code for code in range(0x20, 0x7F)}  # drawn as nothing, but models read them as letters
ORDER = re.compile(r"zebra\d\dx")
TERMINAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
OURS = {
    "div", "p", "a", "span", "strong", "em", "s", "code", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr",
    "th", "td", "blockquote", "hr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "img",
}  # fmt: skip
IDS = [f"{attack.number:02d}-{attack.where}-{attack.aim}".replace(" ", "_") for attack in ATTACKS]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    files = tmp_path_factory.mktemp("attacks")

    def settings(folder: Path) -> Settings:
        return Settings(index=folder, encoder="builtin", words="static", workers=1)

    def make(folder: Path) -> None:
        with Index.open(settings(folder), create=True) as index:
            added = index.add([write(attack, files) for attack in ATTACKS])
            assert [one.error for one in added if one.status != "added"] == []

    with Index.open(settings(made_once(tmp_path_factory, "attacked", make))) as index:
        yield index


@pytest.fixture(scope="module")
def library(index: Index) -> Library:
    return Library(index, None, index.settings)


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with serving() as running:
        yield running


@cache
def documents(index: Index) -> dict[int, str]:
    """The ids of the documents by the numbers of their attacks, which stand in their headings."""
    found = {}
    for row in index.catalogue.documents():
        words = "\n".join(chunk.text for chunk in index.catalogue.chunks_of(row.id))
        (number,) = set(re.findall(r"Boiler manual (\d+)\b", words))
        found[int(number)] = row.id
    return found


def document_of(index: Index, attack: Attack) -> str:
    return documents(index)[attack.number]


def ask(index: Index, attack: Attack, llm: OpenAICompatible | None, question: str = QUESTION) -> Answer:
    events = list(answer(index, Query(question, docs=frozenset([document_of(index, attack)])), (), llm))
    done = events[-1]
    assert isinstance(done, Done)
    return done.answer


@cache
def quoted(index: Index, attack: Attack) -> Answer:
    """What is answered without a model."""
    return ask(index, attack, None)


def told(body: dict[str, Any]) -> list[dict[str, str]]:
    """The messages of a request, pictures left out, and what stands outside of all evidence."""
    texts = [
        (part if isinstance(part, str) else "".join(p.get("text", "") for p in part)).translate(TAGS)
        for part in (message["content"] for message in body["messages"])
    ]
    return [
        {"role": message["role"], "text": text, "outside": FENCE.sub(" ", text)}
        for message, text in zip(body["messages"], texts, strict=True)
    ]


def sent(server: ChatServer) -> dict[str, Any]:
    """The last request."""
    return server.chats()[-1]


# -- a model that obeys whatever is not fenced ---------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_orders_of_a_document_stay_inside_its_evidence(index: Index, server: ChatServer, attack: Attack) -> None:
    server.reply = ("It is 2.5 bar [1].",)
    result = ask(index, attack, OpenAICompatible(Settings(llm_model="good", llm_base_url=server.url)))
    assert result.text == "It is 2.5 bar [1]."
    said = told(sent(server))
    assert [message["role"] for message in said] == ["system", "user"] and said[0]["text"] == SYSTEM
    for message in said[1:]:
        assert not ORDER.search(message["outside"]), "nothing of it stands outside of the evidence"
        assert not CONTROL_TOKENS.search(message["text"]), "nothing of it ends the message"
        assert not re.search(r"evidence|evil", message["outside"], re.IGNORECASE), "each fence is whole"
    whole = said[1]["text"]
    assert bool(ORDER.search(whole)) == attack.evidence, "what is evidence is told as such; what is not is not told"
    assert "2.5 bar" in whole and whole.rstrip().endswith(f"Question: {QUESTION}")


@pytest.mark.parametrize("attack", ATTACKS[:8], ids=IDS[:8])
def test_orders_that_an_earlier_answer_repeats_end_no_message(index: Index, server: ChatServer, attack: Attack) -> None:
    server.reply = ("It is 2.5 bar [1].",)
    history = [Turn(f"{QUESTION} {attack.said}", f"The page says: {attack.said} [1]")]
    llm = OpenAICompatible(Settings(llm_model="good", llm_base_url=server.url))
    before = len(server.chats())
    list(answer(index, Query("And why is it so?", docs=frozenset([document_of(index, attack)])), history, llm))
    requests = server.chats()[before:]
    assert requests, "at least the question itself was sent"
    for body in requests:
        for message in told(body):
            assert not CONTROL_TOKENS.search(message["text"])


# -- a model that says again what it reads -------------------------------------------------------------------------


def shown(result: Answer) -> str:
    """All that the chat is given for an answer."""
    exchange = Exchange(1, QUESTION, None, "done", result.evidence, text=result.text, answer=result)
    contents = [message["content"] for message in messages.conversation([exchange])]
    return "\n".join(
        str(part) for content in contents for part in (content if isinstance(content, list) else [content])
    )


def check_harmless(result: Answer) -> None:
    """Nothing in the chat leads anywhere but to our own evidence, loads anything but our own cut-outs, or runs."""
    numbers = {piece.number for piece in result.evidence}
    for tag, attributes in Tags(shown(result)).found:
        assert tag in OURS
        assert set(attributes) <= {"class", "href", "title", "style", "src", "alt", "start"}
        if "href" in attributes:
            match = re.fullmatch(r"#cite-1-(\d+)", attributes["href"] or "")
            ours = re.fullmatch(r"#act-(edit|again)-[0-9a-f]{32}", attributes["href"] or "")  # of the exchange itself
            assert ours or (match and int(match[1]) in numbers)
        if tag == "img":
            address = urlparse(attributes["src"] or "")
            assert not address.scheme and not address.netloc
            assert re.fullmatch(r"pagesight/cutout/[0-9a-f]+/[0-9a-f]+", address.path)
        assert re.fullmatch(r"text-align:(left|right|center)|", attributes.get("style") or "")
    assert {citation.number for citation in result.citations} <= numbers


@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_what_a_model_repeats_is_shown_as_words(index: Index, server: ChatServer, attack: Attack) -> None:
    server.reply = tuple(re.split(r"(?<=\s)", f"{FACT} [1] {attack.said}\n\n{attack.said} [77]\n\n- {attack.said}"))
    result = ask(index, attack, OpenAICompatible(Settings(llm_model="good", llm_base_url=server.url)))
    assert attack.word in result.text or "<think>" in attack.said
    check_harmless(result)


@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_what_is_quoted_without_a_model_is_shown_as_words(index: Index, attack: Attack) -> None:
    questions = (f"{attack.word} boiler pressure", attack.said[:200])
    for result in (quoted(index, attack), *(ask(index, attack, None, question) for question in questions)):
        check_harmless(result)
        known = {piece.number for piece in result.evidence}
        assert {int(n) for n in re.findall(r"\[(\d{1,3})\]", result.text)} <= known, "its markers are ours"


@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_the_evidence_panel_is_given_words_alone(index: Index, library: Library, attack: Attack) -> None:
    """Its script puts them in place as text; addresses in what it is given are our own."""
    result = quoted(index, attack)
    exchange = Exchange(1, QUESTION, None, "done", result.evidence, text=result.text, answer=result)
    for card in json.loads(payload.turn(exchange, library))["cards"]:
        assert re.fullmatch(r"pagesight/cutout/[0-9a-f]+/[0-9a-f]+", card["cutout"])


@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_a_terminal_is_given_words_alone(index: Index, attack: Attack, capsys: pytest.CaptureFixture[str]) -> None:
    result = quoted(index, attack)
    lines = [output.citation_line(c, result, lambda doc: index.catalogue.document(doc).name, index.files.path)
             for c in result.citations]  # fmt: skip
    rows = [index.catalogue.document(document_of(index, attack))]
    output.say({}, [result.text, *lines, *output.document_table(rows)], as_json=False)
    output.remark(rows[0].title)
    printed = capsys.readouterr()
    assert not TERMINAL.search(printed.out + printed.err)


# -- what is read at all -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_what_a_page_does_not_show_is_no_evidence_and_is_said(index: Index, attack: Attack) -> None:
    doc = document_of(index, attack)
    pieces = "\n".join(f"{chunk.text}\n{chunk.caption}\n{chunk.heading}" for chunk in index.catalogue.chunks_of(doc))
    assert (attack.word in pieces.translate(TAGS)) == (attack.evidence and attack.where != "file name")
    unseen = [problem for problem in index.catalogue.document(doc).problems if problem.stage == "unseen"]
    drawn = attack.where in ("white on white", "transparent", "under a white box", "invisible layer")
    assert bool(unseen) == drawn and all("left out" in problem.message for problem in unseen)


def test_pieces_of_a_stream_end_no_fence_when_they_are_joined(index: Index, server: ChatServer) -> None:
    """A reply that builds a link over several pieces is shown as the words it is."""
    server.reply = (
        "The [ma",
        "nual](https://ev",
        "il.example) ![",
        "](http",
        "s://evil.example/p.png) says 2.5 bar [1].",
    )
    events = list(
        answer(index, Query(QUESTION), (), OpenAICompatible(Settings(llm_model="good", llm_base_url=server.url)))
    )
    done = events[-1]
    assert isinstance(done, Done) and "".join(e.text for e in events if isinstance(e, Delta)) == done.answer.text
    check_harmless(done.answer)
