"""Where a model's reply is stopped, and what is said of one that did not come to its end."""

from __future__ import annotations

from collections.abc import Iterator

from rag.errors import ModelCutShort, ModelRefused, ModelTooLong
from rag.llm.addresses import CHECK_ADDRESS
from rag.llm.base import Piece, Remark, Thought
from rag.llm.repetition import Repetition
from rag.llm.reply import Reply

LONGEST_REPLY = 24_000  # characters, some 6,000 tokens or ten pages: what goes on repeats itself
LONGEST_THOUGHTS = 80_000  # characters, some 20,000 tokens: what is thought longer finds no answer


def bounded(pieces: Iterator[Piece], name: str) -> Iterator[Piece]:
    """The pieces until it is plain that they come to no end. ``name``: of the model. Raises :class:`ModelCutShort`."""
    written, thought, repetition = 0, 0, Repetition()
    for piece in pieces:
        if isinstance(piece, Remark):
            yield piece
            continue
        if isinstance(piece, Thought):
            yield piece
            thought += len(piece.text)
            repeated = repetition.feed(piece.text)
        else:
            yield piece[: LONGEST_REPLY - written]
            written += len(piece)
            repeated = repetition.feed(piece)
        if repeated:
            what = "its answer" if written else "its thoughts"
            raise ModelCutShort(
                f"{name} began to repeat itself in {what} and was stopped; ask in other words, or choose another model"
            )
        if written > LONGEST_REPLY:
            raise ModelTooLong(
                f"{name} wrote {LONGEST_REPLY:,} characters without coming to an end; ask for less at "
                "once, or choose another model"
            )
        if thought > LONGEST_THOUGHTS:
            raise ModelCutShort(
                f"{name} wrote {LONGEST_THOUGHTS:,} characters of thoughts without an answer; turn thinking "
                "off in the server, or choose another model"
            )


def check_end(reply: Reply, name: str, url: str) -> None:
    """Raises :class:`ModelRefused` for what is no reply and :class:`ModelCutShort` for one that is not whole."""
    finish, came = reply.finish, reply.came
    if finish is None and not came and not reply.thought:
        raise ModelRefused(f"{url} did not answer with a chat completion; {CHECK_ADDRESS} (most end in /v1)")
    if finish is None:
        raise ModelCutShort(f"The reply of {name} at {url} ended before it was complete; ask again")
    if finish == "length" and not came and reply.thought:
        raise ModelCutShort(
            f"{name} used up its length limit with thinking and wrote no answer; turn thinking off in the "
            "server, or raise its token limit"
        )
    if finish == "length":
        raise ModelTooLong(f"{name} reached its length limit; raise the server's token limit or ask for less")
    if finish == "content_filter":
        raise ModelCutShort(f"The content filter of {name} stopped the reply; ask in other words")
    if not came and not reply.thought:
        raise ModelCutShort(f"{name} at {url} answered nothing; ask again or choose another model")
