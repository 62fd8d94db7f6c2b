"""Exchanges of a tab as turns that are kept, and back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from rag.answering.evidence.cutouts import asked_picture, cutouts
from rag.service.signs_of_life import is_given_up
from rag.storage.records.conversation_values import ASKED, KeptTurn, Picture, TurnStatus
from rag.types import Evidence
from ui.state.session import Exchange, Status


def turn_of(exchange: Exchange) -> KeptTurn:
    """What is kept of an exchange, besides its pictures; of one under way, that it is alive now."""
    return KeptTurn(
        id=exchange.id,
        question=exchange.question,
        status="open" if exchange.under_way else cast("TurnStatus", exchange.status),
        text=exchange.text,
        answer=exchange.answer,
        evidence=exchange.evidence,
        searched=exchange.seconds,
        understood=exchange.understood,
        error=exchange.error,
        docs=exchange.docs,
        library=exchange.library,
        as_typed=exchange.as_typed,
        picture_name=exchange.picture.name if exchange.picture else "",
        scope=exchange.about.id if exchange.about else "",
        spot=exchange.spot,
        alive=time.time() if exchange.open else 0.0,
    )


def pictures_of(exchange: Exchange) -> dict[str, Picture]:
    """The question's picture and the cut-outs of what is cited, those that are not kept yet."""
    found = {} if exchange.answer is None or not exchange.fresh else cutouts(exchange.answer)
    if exchange.picture is not None and ASKED not in exchange.kept:
        shown = asked_picture(exchange.picture)
        found |= {ASKED: shown} if shown is not None else {}
    return {name: shown for name, shown in found.items() if name not in exchange.kept}


def exchange_of(turn: KeptTurn, number: int, picture: Path | None) -> Exchange:
    """A kept turn as an exchange. One whose answer is under way is written elsewhere, by another program over the same
    library, as long as that is heard of (their clocks agree to some seconds); else it counts as stopped.

    ``picture`` is the question's own as a file; its name alone is left where the file could not be kept.
    """
    named = Path(turn.picture_name).name if turn.picture_name else ""
    return Exchange(
        number=number,
        question=turn.question,
        picture=picture or (Path(named) if named else None),
        status=_unfinished(turn) if turn.status == "open" else turn.status,
        evidence=turn.evidence,
        seconds=turn.searched,
        text=turn.text,
        answer=turn.answer,
        error=turn.error,
        docs=turn.docs,
        library=turn.library,
        readable=picture is not None,
        understood=turn.understood,
        as_typed=turn.as_typed,
        id=turn.id,
        kept=turn.pictures,
        fresh=False,
        spot=turn.spot,
        saved=turn.status != "open",
    )


def _unfinished(turn: KeptTurn) -> Status:
    return "stopped" if is_given_up(turn) else "elsewhere"


def join_scopes(turns: Sequence[KeptTurn], exchanges: Sequence[Exchange]) -> None:
    """Have each exchange know the one whose picture it was asked about."""
    by_id = {exchange.id: exchange for exchange in exchanges}
    for turn, exchange in zip(turns, exchanges, strict=True):
        exchange.about = by_id.get(turn.scope)


def place(exchange: Exchange) -> Evidence | None:
    """Where the picture of a question was found; None where it stands nowhere in the library."""
    return next((piece for piece in exchange.evidence if piece.pictured), None)
