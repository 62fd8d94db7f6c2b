"""An exchange as chat messages: the question, what was found, the answer with its links and its strip of cut-outs.

Enters: exchanges. Leaves: message dicts as Gradio's chat wants them. Must not know: events, the index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rag.types import Answer, Evidence
from ui import safe
from ui.payload import KIND_NAMES, cutout_url
from ui.session import Exchange

Message = dict[str, object]
STRIP_LIMIT = 6  # cut-outs under one answer
LEAST_SECONDS = 0.1  # shown; nobody believes 0.0


def conversation(exchanges: Iterable[Exchange]) -> list[Message]:
    return [message for exchange in exchanges for message in _exchange(exchange)]


def owner(exchanges: Iterable[Exchange], index: int) -> Exchange | None:
    """The exchange that the message at this place of the conversation belongs to."""
    owners = [exchange for exchange in exchanges for _ in _exchange(exchange)]
    return owners[index] if 0 <= index < len(owners) else None


def found(evidence: tuple[Evidence, ...]) -> str:
    """``3 passages, 1 table and 2 figures``."""
    counts = Counter("Passage" if e.chunk.kind == "page" else KIND_NAMES[e.chunk.kind] for e in evidence)
    words = [
        f"{counts[kind]} {kind.lower()}{'' if counts[kind] == 1 else 's'}"
        for kind in ("Passage", "Table", "Figure")
        if counts[kind]
    ]
    return " and ".join(", ".join(words).rsplit(", ", 1)) if words else "nothing that fits"


def _exchange(exchange: Exchange) -> list[Message]:
    messages = _asked(exchange)
    if exchange.status == "searching":
        title = "Reading the picture and searching" if exchange.picture else "Searching"
        return [*messages, _assistant("", title=title, status="pending")]
    if exchange.evidence:
        messages.append(_found(exchange))
    body = _body(exchange)
    if body:
        messages.append(_assistant(body))
    return messages


def _asked(exchange: Exchange) -> list[Message]:
    content: list[object] = []
    if exchange.picture is not None:
        content.append({"path": str(exchange.picture)})
    if exchange.question:
        content.append(safe.question(exchange.question))
    return [{"role": "user", "content": content}]


def _found(exchange: Exchange) -> Message:
    lines = [f"- {_reference(exchange.number, e)}" for e in exchange.evidence]
    return _assistant(
        "\n".join(lines),
        title=f"Found {found(exchange.evidence)} ({max(exchange.seconds, LEAST_SECONDS):.1f} s)",
        status="done",
    )


def _reference(turn: int, evidence: Evidence) -> str:
    label = safe.inline(evidence.chunk.caption or evidence.chunk.heading or KIND_NAMES[evidence.chunk.kind])
    label = label if len(label) <= 90 else label[:88].rstrip("\\") + "…"
    where = f"{safe.inline(evidence.doc_name)}, p. {evidence.chunk.page}"
    return f"[{evidence.number}](#cite-{turn}-{evidence.number}) {where} – {label}"


def _body(exchange: Exchange) -> str:
    known = {e.number: True for e in exchange.evidence}
    if exchange.answer:
        known.update({c.number: c.supported for c in exchange.answer.citations})
    parts = [safe.linked(safe.markdown(exchange.text), exchange.number, known)]
    if exchange.status == "stopped":
        parts.append('<span class="ps-note">Stopped.</span>')
    if exchange.status == "failed":
        parts.append(f'<span class="ps-failure">{safe.inline(exchange.error)}</span>')
        if exchange.evidence:
            parts.append('<span class="ps-note">What was found is still in the evidence panel.</span>')
    if exchange.answer:
        parts += _notes(exchange.answer)
        parts.append(_strip(exchange.number, exchange.answer))
    return "\n\n".join(part for part in parts if part)


def _notes(answer: Answer) -> list[str]:
    notes = [safe.inline(answer.notice)] if answer.notice else []
    if answer.dropped_markers:
        plural = "s" if answer.dropped_markers > 1 else ""
        notes.append(f"{answer.dropped_markers} citation{plural} of evidence that does not exist left out.")
    if any(not c.supported for c in answer.citations):
        notes.append("Dashed citations: the sentence says something that was not found in the evidence it cites.")
    return ["".join(f'<span class="ps-note">{note}</span>' for note in notes)]


def _strip(turn: int, answer: Answer) -> str:
    """Cut-outs of what the answer cites, figures and tables included; each opens its page."""
    chunks = {e.number: e.chunk for e in answer.evidence}
    items = []
    for citation in answer.citations[:STRIP_LIMIT]:
        chunk = chunks[citation.number]
        words = safe.attribute(f"{KIND_NAMES[chunk.kind]} on page {chunk.page}: {chunk.caption or chunk.text}"[:160])
        items.append(
            f'<a href="#cite-{turn}-{citation.number}" title="{words}">'
            f'<img src="{safe.attribute(cutout_url(chunk.doc, chunk.id))}" alt="{words}">'
            f"<span>{citation.number} · p. {chunk.page}</span></a>"
        )
    return f'<div class="ps-strip">{"".join(items)}</div>' if items else ""


def _assistant(content: str, title: str = "", status: str = "done") -> Message:
    message: Message = {"role": "assistant", "content": content}
    if title:
        message["metadata"] = {"title": title, "status": status}
    return message
