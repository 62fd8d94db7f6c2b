"""A question of a program: asked after those of its conversation, answered as a stream, and kept with its answer."""

from __future__ import annotations

import io
import time
from collections.abc import Collection, Generator, Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ingestion.elements import ChunkKind
from rag.answering.evidence.cutouts import LARGEST_SIDE, cutouts, encoded
from rag.errors import RagError, UnknownConversation, UnknownDocument
from rag.images import open_picture
from rag.service.conversations import HISTORY, KeptConversations, Task
from rag.service.library import Documents
from rag.service.signs_of_life import signs_of_life
from rag.service.told import said
from rag.storage.records.conversation_values import ASKED, KeptTurn, Picture, new_id
from rag.types import Query, Turn

if TYPE_CHECKING:
    from rag.answering.answer import Event

PICTURE = "picture"  # what a picture without a name is called


@dataclass(frozen=True, slots=True)
class Question:
    """``docs`` name documents (ids, names, or the start of an id; None: all), ``collections`` sets of them (names or
    ids; with both, what is in either is searched), ``pages`` an inclusive range from 1.

    ``picture`` are the bytes of a picture's file. ``conversation`` is the id of one to go on with, empty for a new one;
    with ``keep`` False nothing is written down.
    """

    text: str = ""
    docs: Collection[str] | None = None
    kinds: Collection[ChunkKind] | None = None
    pages: tuple[int, int] | None = None
    picture: bytes | None = None
    picture_name: str = ""
    conversation: str = ""
    keep: bool = True
    collections: Collection[str] | None = None


class Begun(NamedTuple):
    """The first event of every answer: the ids by which it is kept, empty where it is not."""

    conversation: str
    answer: str


def query_of(documents: Documents, question: Question) -> Query:
    """As it is searched for. Raises :class:`UnknownDocument`, :class:`AmbiguousDocument`, :class:`UnknownCollection`,
    :class:`EmptyCollection`, and what a picture raises."""
    name = question.picture_name or PICTURE
    image = open_picture(io.BytesIO(question.picture), name) if question.picture else None
    return Query(
        question.text.strip(),
        image,
        docs=_docs(documents, question),
        kinds=None if question.kinds is None else frozenset(question.kinds),
        pages=question.pages,
    )


class Asking:
    """Of one library. All methods may be called from any thread."""

    def __init__(self, documents: Documents, conversations: KeptConversations) -> None:
        self._documents = documents
        self._conversations = conversations

    def ask(self, owner: str, question: Question) -> Iterator[Begun | Event]:
        """Check the question, then return its answer's events; see :func:`rag.answering.answer.answer`.

        Closing the iterator stops the model; what came until then is kept. Raises at once, before any event,
        :class:`UnknownConversation` for somebody else's, and what :func:`query_of` and the check of a question raise.
        """
        from rag.answering.answer import checked

        query = query_of(self._documents, question)
        checked(query)
        history = self._history(owner, question.conversation)
        keeps = bool(owner) and question.keep
        begun = Begun(question.conversation or new_id(), new_id()) if keeps else Begun("", "")
        return self._answered(owner, begun, question, query, history)

    def _history(self, owner: str, conversation: str) -> list[Turn]:
        if not conversation:
            return []
        if not self._conversations.has(owner, conversation):
            raise UnknownConversation(
                f"There is no conversation {conversation[:12]!r} of yours; leave it out to begin a new one"
            )
        turns = self._conversations.turns(owner, conversation)[1]
        done = [turn for turn in turns if turn.status == "done" and (turn.question or turn.evidence)][-HISTORY:]
        return [Turn(turn.question, turn.text, turn.evidence) for turn in done]

    def _answered(
        self, owner: str, begun: Begun, question: Question, query: Query, history: list[Turn]
    ) -> Generator[Begun | Event]:
        library = len(self._documents.ids())
        turn = KeptTurn(begun.answer, question.text.strip(), docs=tuple(sorted(query.docs or ())), library=library)
        turn = replace(turn, picture_name=question.picture_name or PICTURE if query.image else "")
        asked = {ASKED: encoded(query.image, LARGEST_SIDE)} if query.image else {}
        if begun.answer:
            self._keep(owner, begun, turn, asked)
        try:
            with (
                signs_of_life(lambda: self._keep(owner, begun, turn, asked)) if begun.answer else nullcontext(),
                closing(self._documents.ask(query, history)) as events,  # type: ignore[type-var]
            ):
                yield begun
                for event in events:
                    turn = _taken(turn, event)
                    yield event
        except Exception as exc:
            turn = replace(turn, status="failed", error=said(exc) if isinstance(exc, RagError) else type(exc).__name__)
            raise
        finally:
            if turn.status == "open":  # left by who asked: this generator is being closed
                turn = replace(turn, status="stopped")
            if begun.answer:
                self._keep(owner, begun, turn, asked)

    def _keep(self, owner: str, begun: Begun, turn: KeptTurn, asked: dict[str, Picture]) -> None:
        pictures = asked | (cutouts(turn.answer) if turn.answer else {})
        turn = replace(turn, alive=time.time() if turn.status == "open" else 0.0)
        self._conversations.write(Task(owner, begun.conversation, turn, pictures))


def _taken(turn: KeptTurn, event: Event) -> KeptTurn:
    from rag.answering.answer import Delta, Done, Found

    if isinstance(event, Found):
        return replace(turn, evidence=event.evidence, searched=event.seconds, understood=event.understood)
    if isinstance(event, Delta):
        return replace(turn, text=turn.text + event.text)
    if isinstance(event, Done):
        answer = event.answer
        return replace(turn, answer=answer, text=answer.text, evidence=answer.evidence, status="done")
    return turn


def _docs(documents: Documents, question: Question) -> frozenset[str] | None:
    if question.docs is None and question.collections is None:
        return None
    names, sets = question.docs or (), question.collections or ()
    if not names and not sets:
        raise UnknownDocument("The list of documents to search is empty; name some, or leave it out to search all")
    found = frozenset(documents.find(name).id for name in names)
    return found | documents.documents_in(list(sets))
