"""Each difference between model servers at home, against a strict HTTP server that has it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from chat_server import ChatServer
from home_server import (
    ANSWER,
    LLAMA_CPP,
    LM_STUDIO,
    MUTE,
    NAME,
    OPTIONS,
    VLLM,
    Home,
    HomeServer,
    serving_home,
)
from made_evidence import piece
from PIL import Image

from ingestion.ocr import engine
from rag.answering.prompting.model_reply import Asked, ModelReply
from rag.cli.doctor import examine
from rag.cli.finding import WARN
from rag.config import Settings
from rag.errors import ModelCutShort, ModelRefused
from rag.llm.base import Message, Thought
from rag.llm.images import LONGEST_SIDE, named
from rag.llm.openai_compatible import OpenAICompatible
from rag.llm.repetition import Repetition
from rag.llm.thoughts import apart
from rag.llm.window import reply_tokens, words_tokens
from rag.retrieval.image.query_text import script_of
from rag.types import Evidence, Query, Turn

QUESTION = [Message("user", ("What does E41 mean?",))]
PIECES = 12
PROSE = "The pump of the Aquila 300 is blocked when the filter is full of lint, so that it has to be rinsed. " * 6


@pytest.fixture
def server() -> Iterator[HomeServer]:
    with serving_home(Home()) as running:
        yield running


def settings(server: ChatServer, **more: Any) -> Settings:
    return replace(Settings(llm_model=NAME, llm_base_url=server.url, llm_timeout=60.0), **more)


def model(server: ChatServer, **more: Any) -> OpenAICompatible:
    return OpenAICompatible(settings(server, **more))


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> list[Evidence]:
    """Twelve pieces of 150 tokens, six of them with a picture of 1,400 by 1,000 pixels."""
    found, folder = [], tmp_path_factory.mktemp("crops")
    for number in range(1, PIECES + 1):
        crop = folder / f"{number}.png"
        Image.new("RGB", (1400, 1000), (20 * number, 0, 0)).save(crop)
        found.append(piece(number, PROSE, "figure" if number % 2 else "text", crop=crop))
    return found


def asked(
    llm: OpenAICompatible, server: ChatServer, evidence: list[Evidence], picture: Image.Image | None = None, **more: Any
) -> tuple[str, str]:
    """The answer's words and the notices, one string each."""
    question = Asked(Query("What is blocked?", picture), evidence, (), llm.sees_pictures())
    reply = ModelReply(llm, question, settings(server, **more))
    words = "".join(part for part in reply.pieces() if isinstance(part, str))
    return words, " ".join(reply.notices)


def questions(server: HomeServer) -> list[dict[str, Any]]:
    """Requests with evidence, without those that prove the sight."""
    return [body for body in server.chats() if "<evidence" in str(body["messages"])]


# -- the window ----------------------------------------------------------------------------------------------------


def entry(**fields: Any) -> dict[str, Any]:
    return {"data": [{"id": "other", "max_model_len": 1}, {"id": NAME, **fields}]}


@pytest.mark.parametrize(
    ("native", "window", "remedy"),
    [
        ({"/props": {"default_generation_settings": {"n_ctx": 4096}, "modalities": {"vision": True}}}, 4096, "-c"),
        (
            {
                "/props": {"role": "router", "default_generation_settings": {"n_ctx": 0}},
                f"/props?model={NAME}": {"default_generation_settings": {"n_ctx": 8192}},
            },
            8192,
            "-np",
        ),
        (
            {
                "/api/v1/models": {
                    "models": [{"key": NAME, "loaded_instances": [{"id": "a", "config": {"context_length": 5000}}]}]
                }
            },
            5000,
            "lms load",
        ),
        (
            {"/api/v0/models": {"data": [{"id": NAME, "type": "vlm", "loaded_context_length": 4097}]}},
            4097,
            "lms load",
        ),
        (
            {
                "/api/show": {"capabilities": ["completion", "vision"]},
                "/api/ps": {"models": [{"name": f"{NAME}:latest", "context_length": 32768}]},
            },
            32768,
            "OLLAMA_CONTEXT_LENGTH",
        ),
        ({"/v1/models": entry(max_model_len=16000, owned_by="vllm")}, 16000, "--max-model-len"),
        ({"/v1/models": entry(context_length=9000)}, 9000, "larger context"),
        ({"/v1/models": entry(max_model_len="large")}, None, "larger context"),
        ({"/props": {"default_generation_settings": [], "modalities": 3}, "/api/ps": []}, None, "larger context"),
    ],
)
def test_the_window_as_each_server_says_it(
    server: HomeServer, native: dict[str, Any], window: int | None, remedy: str
) -> None:
    server.native = native
    llm = model(server)
    assert llm.window() == window
    asked_before = len(server.requests)
    assert llm.window() == window and len(server.requests) == asked_before
    assert model(server, llm_window=777).window() == 777
    server.native = {"/v1/models": entry(), **native}
    found = llm.describe()
    assert found.window == window and remedy in found.how_to_widen


def test_ollama_loads_the_model_to_say_its_window(server: HomeServer) -> None:
    loaded: list[dict[str, Any]] = []

    def load() -> dict[str, Any]:
        loaded.append({"name": NAME, "context_length": 4096})
        return {"done": True}

    server.native = {
        "/api/show": {"capabilities": ["vision"], "parameters": "stop  x\nnum_ctx    6000"},
        "/api/ps": lambda: {"models": loaded},
        "/api/generate": load,
    }
    llm = model(server)
    assert llm.sees_pictures() and not loaded
    assert llm.window() == 4096 and loaded


def test_ollama_that_cannot_load_is_asked_again(server: HomeServer) -> None:
    server.native = {
        "/api/show": {"capabilities": ["completion"], "parameters": "num_ctx    6000"},
        "/api/ps": {"models": [{"name": "another", "context_length": 1}]},
    }
    llm = model(server)
    assert llm.window() == 6000
    server.native["/api/ps"] = {"models": [{"model": NAME, "context_length": 12000}]}
    assert llm.window() == 12000


@pytest.mark.parametrize("window", [3000, 4096, 8192, 16384])
def test_evidence_and_pictures_fit_into_the_window_that_the_server_says(
    server: HomeServer, evidence: list[Evidence], window: int
) -> None:
    server.home.window = window
    server.native["/props"] = {"default_generation_settings": {"n_ctx": window}, "modalities": {"vision": True}}
    words, notices = asked(model(server), server, evidence)
    (sent,) = questions(server)
    assert words == ANSWER
    assert sent["max_tokens"] == reply_tokens(window)
    given = str(sent["messages"]).count("<evidence n=")
    assert 1 <= given <= PIECES
    said = f"was given the first {given} pieces of {PIECES}: no more fit into the {window:,} tokens" in notices
    assert said is (given < PIECES)
    if window >= 4096:
        assert server.pictures()[-1]
        assert all(max(picture.size) > 500 for picture in server.pictures()[-1])


def test_a_long_conversation_does_not_crowd_out_the_evidence(server: HomeServer, evidence: list[Evidence]) -> None:
    server.home.window = 4096
    llm = model(server, llm_window=4096)
    history = [Turn(PROSE * 4, PROSE * 4)] * 9
    reply = ModelReply(llm, Asked(Query("What is blocked?"), evidence, history, False), settings(server))
    assert "".join(part for part in reply.pieces() if isinstance(part, str)) == ANSWER
    assert str(questions(server)[0]["messages"]).count("<evidence n=") >= 5


@pytest.mark.parametrize("too_long", [LLAMA_CPP, VLLM, LM_STUDIO, MUTE])
def test_a_prompt_that_is_too_long_is_asked_again_with_less(
    server: HomeServer, evidence: list[Evidence], too_long: str
) -> None:
    server.home = Home(window=2000, too_long=too_long, sight="drops")
    llm = model(server)
    words, notices = asked(llm, server, evidence)
    assert words == ANSWER
    assert "was given the first" in notices
    assert len(questions(server)) == 2
    assert (llm.window() == 2000) is (too_long != MUTE)
    before = len(questions(server))
    asked(llm, server, evidence)
    assert len(questions(server)) == before + (1 if too_long != MUTE else 2)


def test_a_prompt_that_stays_too_long_says_what_to_do(server: HomeServer, evidence: list[Evidence]) -> None:
    server.home = Home(window=300, sight="drops")
    with pytest.raises(ModelRefused, match="PAGESIGHT_LLM_TOKENS"):
        asked(model(server), server, evidence)
    assert len(questions(server)) <= 4


def test_a_server_that_cuts_the_prompt_without_a_word_is_told(server: HomeServer, evidence: list[Evidence]) -> None:
    server.home = Home(window=600, cuts=True, sight="drops")
    words, notices = asked(model(server), server, evidence)
    assert words == ANSWER and "read only 600 of about" in notices and "PAGESIGHT_LLM_WINDOW" in notices
    server.home = Home(sight="drops")
    assert asked(model(server), server, evidence)[1] == ""


def test_tables_take_more_tokens_than_prose_of_their_length() -> None:
    table = "| 12.5 | 230 | 1,450 |\n" * 40
    prose = ("The filter is cleaned every forty hours. " * 40)[: len(table)]
    assert words_tokens(table) > 2 * words_tokens(prose)
    assert words_tokens("") == 0 and words_tokens("日本語") == 3


# -- pictures --------------------------------------------------------------------------------------------------------


def read_by_ocr(picture: Image.Image) -> str:
    return " ".join(line.text for line in engine.read(picture.convert("RGB"), script_of(Settings())))


@pytest.mark.parametrize(
    ("home", "sees"),
    [
        (Home(sight="counts"), True),
        (Home(sight="counts", counts_in_streams=False), True),
        (Home(sight="reads", read=read_by_ocr), True),
        (Home(sight="drops"), False),
        (Home(sight="drops", counts_in_streams=False), False),
        (Home(sight="drops", answer="I see a picture of a number, 12345."), False),
        (Home(sight="loses"), False),
        (Home(sight="words"), False),
        (Home(sight="words", window=4096), False),
        (Home(sight="refuses"), False),
    ],
)
def test_sight_is_proved(server: HomeServer, home: Home, sees: bool) -> None:
    server.home = home
    llm = model(server)
    assert llm.sees_pictures() is sees
    before = len(server.chats())
    assert llm.sees_pictures() is sees and len(server.chats()) == before


@pytest.mark.parametrize("sight", ["drops", "loses", "words", "refuses"])
def test_a_model_without_sight_gets_strings(server: HomeServer, evidence: list[Evidence], sight: str) -> None:
    server.home = Home(sight=sight)
    words, _ = asked(model(server), server, evidence, Image.new("RGB", (90, 60), "red"))
    assert words == ANSWER
    (sent,) = questions(server)
    assert all(isinstance(message["content"], str) for message in sent["messages"])
    assert "What is blocked?" in sent["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("limits", "requests", "sent", "notice"),
    [
        ({"most_pictures": 1}, 2, 1, "took only 1 of the 6 pictures"),
        ({"longest_side": 1024}, 2, 6, ""),
        ({"longest_side": 1024, "failure": (500, "failed to process image")}, 3, 6, ""),
        ({"most_pictures": 3, "failure": (500, "failed to find a memory slot")}, 5, 3, "took only 3 of the 6"),
        ({"longest_side": 500, "failure": (422, "unprocessable")}, 5, 0, "took none of the 6"),
        ({"longest_side": 1024, "failure": (400, "the image tokens exceed the context size")}, 2, 3, ""),
    ],
)
def test_pictures_that_are_too_large_or_too_many_are_sent_smaller_then_fewer(
    server: HomeServer, evidence: list[Evidence], limits: dict[str, Any], requests: int, sent: int, notice: str
) -> None:
    llm = model(server)
    assert llm.sees_pictures()
    server.home = replace(server.home, **limits)
    words, notices = asked(llm, server, evidence)
    assert words == ANSWER
    assert len(server.pictures()[-1]) == sent
    assert notice in notices
    assert len(questions(server)) == requests
    assert llm.sees_pictures()


def test_what_a_server_takes_of_pictures_is_remembered(server: HomeServer, evidence: list[Evidence]) -> None:
    llm = model(server)
    assert llm.sees_pictures()
    server.home = replace(server.home, most_pictures=2, longest_side=1024)
    asked(llm, server, evidence)
    before = len(questions(server))
    assert before > 1
    asked(llm, server, evidence)
    assert len(questions(server)) == before + 1


def test_the_number_stands_above_each_picture_and_covers_nothing(server: HomeServer, evidence: list[Evidence]) -> None:
    own = Image.new("RGB", (900, 300), (0, 0, 250))
    asked(model(server), server, evidence, own)
    (sent,) = questions(server)
    assert "My picture" in str(sent["messages"])
    pictures = server.pictures()[-1]
    assert [read_by_ocr(picture).strip() for picture in pictures[:2]] == ["[1]", "[3]"]
    assert "picture" in read_by_ocr(pictures[-1])
    assert len(pictures) == 6 and max(max(picture.size) for picture in pictures) <= LONGEST_SIDE


@pytest.mark.parametrize("size", [(40, 30), (3000, 20), (20, 3000), (1568, 1568), (800, 600)])
def test_a_picture_stands_whole_under_its_name(size: tuple[int, int]) -> None:
    picture = named(Image.new("RGB", size, (255, 0, 0)), "[12]")
    pixels = np.asarray(picture)
    red = (pixels[..., 0] > 250) & (pixels[..., 1] < 5)
    rows, columns = np.flatnonzero(red.any(1)), np.flatnonzero(red.any(0))
    assert red[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
    assert rows[0] >= 28 and max(picture.size) <= LONGEST_SIDE
    assert (pixels[: rows[0] - 1] < 100).any()


# -- thinking --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("knob", ["chat_template_kwargs", "reasoning_effort"])
@pytest.mark.parametrize("thinks", ["reasoning_content", "reasoning", "inline", "alone"])
def test_thinking_is_switched_off(server: HomeServer, knob: str, thinks: str) -> None:
    server.home = Home(thinks=thinks, obeys=frozenset({knob}))
    assert list(model(server).reply(QUESTION)) == [ANSWER[:7], ANSWER[7:]]


def test_thinking_that_is_wanted_is_left_to_the_server(server: HomeServer) -> None:
    server.home = Home(thinks="reasoning", obeys=frozenset({"chat_template_kwargs", "reasoning_effort"}))
    pieces = list(model(server, llm_thinking="on").reply(QUESTION))
    assert isinstance(pieces[0], Thought) and pieces[-1] == ANSWER[7:]
    assert not set(server.chats()[-1]) & {"chat_template_kwargs", "reasoning_effort", "max_tokens"}


@pytest.mark.parametrize("names_options", [True, False])
@pytest.mark.parametrize("unknown", [{"chat_template_kwargs"}, {"reasoning_effort"}, OPTIONS])
def test_options_that_a_server_rejects_are_left_out_from_then_on(
    server: HomeServer, unknown: frozenset[str], names_options: bool
) -> None:
    server.home = Home(options=OPTIONS - unknown, names_options=names_options)
    llm = model(server)
    assert "".join(llm.stream(QUESTION)) == ANSWER
    tries = len(server.chats())
    assert tries == (1 + len(unknown) if names_options else 2)
    assert "".join(llm.stream(QUESTION)) == ANSWER
    assert len(server.chats()) == tries + 1
    assert not unknown & set(server.chats()[-1])


def test_a_refusal_about_something_else_keeps_the_options(server: HomeServer) -> None:
    server.home = Home(failure=(400, "the moon is in the wrong house"), most_pictures=-1)
    llm = model(server)
    with pytest.raises(ModelRefused, match="wrong house"):
        list(llm.stream(QUESTION))
    server.home = Home()
    assert "".join(llm.stream(QUESTION)) == ANSWER
    assert set(server.chats()[-1]) > OPTIONS


@pytest.mark.parametrize("thinks", ["reasoning_content", "reasoning", "inline"])
def test_thoughts_come_as_thoughts_and_never_as_the_answer(server: HomeServer, thinks: str) -> None:
    server.home = Home(thinks=thinks)
    pieces = list(model(server).reply(QUESTION))
    assert "".join(part.text for part in pieces if isinstance(part, Thought)) == "The user asks for the pump. [9]"
    assert "".join(part for part in pieces if isinstance(part, str)) == ANSWER
    assert "".join(model(server).stream(QUESTION)) == ANSWER


def test_thoughts_alone_are_no_answer(server: HomeServer) -> None:
    server.home = Home(thinks="alone")
    with pytest.raises(ModelCutShort, match=r"only its thoughts.*thinking off"):
        list(model(server).stream(QUESTION))


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("<think>a</think>b", "b"),
        ("[THINK]a[/THINK]\n b", "b"),
        ("<|channel>thought\na<channel|>b", "b"),
        ("<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b", "b"),
        (" \n<thinking>a < b", ""),
        ("<thin ice> is thin", "<thin ice> is thin"),
        ("No <think>here</think>.", "No <think>here</think>."),
        ("<", "<"),
    ],
)
def test_marks_of_thoughts_in_any_pieces(written: str, answer: str) -> None:
    for length in (1, 2, 5, 400):
        pieces = [written[start : start + length] for start in range(0, len(written), length)]
        assert "".join(piece for piece in apart(iter(pieces)) if isinstance(piece, str)) == answer
        everything = "".join(part.text if isinstance(part, Thought) else str(part) for part in apart(pieces))
        assert len(everything) <= len(written)


# -- ends --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "repeats"),
    [
        ("E6 " * 400, True),
        ("So: " + "The pump is blocked [1]. Rinse the filter, then start again.\n\n" * 20, True),
        ("Error E6. " + "It is blocked. It is not blocked. " * 40, True),
        ("-" * 2400, True),
        ("|---|---|\n" * 30, False),
        ("".join(f"E{n}: switch it off and call the service centre of your country.\n" for n in range(60)), False),
        ("".join(f"| bolt {n} | M6 | steel | 40 mm |\n" for n in range(80)), False),
        ("| bolt | M6 | 40 mm |\n" * 20, False),
    ],
)
def test_a_text_that_does_nothing_but_repeat_itself(text: str, repeats: bool) -> None:
    for length in (1, 7, 300):
        watch = Repetition()
        pieces = [text[start : start + length] for start in range(0, len(text), length)]
        assert any(watch.feed(part) for part in pieces) is repeats


def test_a_server_that_never_ends_a_reply_in_one_piece_is_left(server: HomeServer) -> None:
    with pytest.raises(ModelCutShort, match="came to no end"):
        list(model(server, llm_model="torrent").stream(QUESTION))


# -- what a person sees ------------------------------------------------------------------------------------------------


def test_doctor_says_the_window_and_how_to_raise_it(server: HomeServer, tmp_path: Path) -> None:
    server.native = {
        "/v1/models": entry(),
        "/api/show": {"capabilities": ["vision"]},
        "/api/ps": {"models": [{"name": NAME, "context_length": 4096}]},
    }
    chosen = settings(server, index=tmp_path / "none", encoder="builtin", words="static", ocr="off")
    (finding,) = (found for found in examine(chosen) if found.what == "model")
    assert finding.level == WARN
    assert "sees pictures, and reads 4,096 tokens at once" in finding.detail
    assert "OLLAMA_CONTEXT_LENGTH" in finding.remedy
