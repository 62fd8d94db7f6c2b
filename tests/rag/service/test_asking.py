"""Answers of programs while they are being written: what another program over the same library sees of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from rag.config import Settings
from rag.index import Index
from rag.llm.base import Message
from rag.service import signs_of_life
from rag.service.asking import Asking, Begun, Question
from rag.service.conversations import KeptConversations
from rag.service.library import Documents
from rag.service.signs_of_life import is_given_up
from rag.storage.records.conversation_values import KeptTurn

OWNER = "anna"
ASKED = Question("What does error E18 mean?")


class Slow:
    """A model that says one word, and the other when it is told to."""

    name = "slow"

    def __init__(self) -> None:
        self.go = threading.Event()

    def sees_pictures(self) -> bool:
        return False

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        yield "It drains "
        self.go.wait(60)
        yield "slowly [1]."


@pytest.fixture
def settings(copy_of: Callable[[], Settings]) -> Settings:
    return copy_of()


def kept_elsewhere(settings: Settings, conversation: str) -> KeptTurn:
    """The last turn, as another program sees it."""
    with Index.open(settings) as index:
        return KeptConversations(index.catalogue).turns(OWNER, conversation)[1][-1]


def test_an_answer_that_is_written_elsewhere_gives_signs_of_life(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signs_of_life, "SIGN", 0.05)
    model = Slow()
    with Index.open(settings) as index:
        events = Asking(Documents(index, model, settings), KeptConversations(index.catalogue)).ask(OWNER, ASKED)
        begun = next(events)
        assert isinstance(begun, Begun)
        first = kept_elsewhere(settings, begun.conversation)
        assert first.status == "open" and not is_given_up(first)
        ended = threading.Thread(target=lambda: list(events))
        ended.start()
        for _ in range(600):
            seen = kept_elsewhere(settings, begun.conversation)
            if seen.text and seen.alive > first.alive:
                break
            time.sleep(0.05)
        assert seen.text.startswith("It drains") and seen.status == "open" and not is_given_up(seen)
        assert is_given_up(replace(seen, alive=seen.alive - signs_of_life.SILENT))
        model.go.set()
        ended.join()
        done = kept_elsewhere(settings, begun.conversation)
        assert (done.status, done.alive, is_given_up(done)) == ("done", 0.0, False)


def test_who_leaves_before_the_first_word_leaves_a_stopped_answer(settings: Settings) -> None:
    with Index.open(settings) as index:
        events = Asking(Documents(index, Slow(), settings), KeptConversations(index.catalogue)).ask(OWNER, ASKED)
        begun = next(events)
        assert isinstance(begun, Begun)
        events.close()  # type: ignore[attr-defined]
        assert kept_elsewhere(settings, begun.conversation).status == "stopped"
