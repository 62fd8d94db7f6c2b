"""An exchange as chat messages: the question, what was found, the answer with its links and its strip of cut-outs.

Messages are dicts as Gradio's chat wants them; every word in them has gone through :mod:`ui.shown.safe`.
"""

from __future__ import annotations

import html
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable

from rag.answering.answer import QUOTED
from rag.answering.questions.understanding import UNASKED
from rag.export.plain import plain_text
from rag.monitoring.requests import SHOWN
from rag.service.rights import WITHHELD
from rag.types import Answer, Citation, Evidence, Support
from ui.shown import safe
from ui.shown.payload import excerpt_url, kind_name, picture_of
from ui.state.kept import place
from ui.state.samples import Sample
from ui.state.session import Exchange
from ui.words.language import current, listed, number, told, told_each, tr

ChatMessage = dict[str, object]
STRIP_LIMIT = 6  # cut-outs under one answer
LEAST_SECONDS = 0.1  # shown; nobody believes 0.0
LABEL = 90  # characters of a source's caption in the list of what was found
_AS_TYPED = "as typed "


def conversation(exchanges: Iterable[Exchange]) -> list[ChatMessage]:
    """All messages, oldest first. That there is no answering model is said by the exchange that tells it."""
    messages: list[ChatMessage] = []
    every = list(exchanges)
    for exchange in every:
        messages += _exchange(exchange, exchange is every[-1])
    return messages


def thumbs(exchanges: Iterable[Exchange]) -> list[str | None]:
    """The vote for each answer, as the chat shows it: every redraw of it forgets what was pressed (Gradio 6.31)."""
    return [None if e.liked is None else "Like" if e.liked else "Dislike" for e in exchanges]


def examples(samples: Iterable[Sample]) -> list[dict[str, str]]:
    """Example questions as the empty chat shows them."""
    return [_example(sample) for sample in samples]


def _example(sample: Sample) -> dict[str, str]:
    example = {"text": sample.question, "display_text": sample.question or tr("What does this picture show?")}
    return example | ({"icon": str(sample.picture)} if sample.picture is not None else {})


def owner(exchanges: Iterable[Exchange], index: int) -> Exchange | None:
    """The exchange that the message at this place of the conversation belongs to."""
    owners = [exchange for exchange in exchanges for _ in _exchange(exchange)]
    return owners[index] if 0 <= index < len(owners) else None


def found(evidence: tuple[Evidence, ...]) -> str:
    """``3 passages, 1 table and 2 figures``."""
    counts = Counter("text" if e.chunk.kind == "page" else e.chunk.kind for e in evidence)
    words = [
        *([tr("{count} passages", count=counts["text"])] if counts["text"] else []),
        *([tr("{count} tables", count=counts["table"])] if counts["table"] else []),
        *([tr("{count} figures", count=counts["figure"])] if counts["figure"] else []),
    ]
    return listed(words) if words else tr("nothing that fits")


def _exchange(exchange: Exchange, last: bool = False) -> list[ChatMessage]:
    """Its messages, of one that is over from memory: a conversation is drawn many times while its last one comes.

    They are packed, to a fifth: a tab has hundreds of them; and unpacked anew each time, since Gradio may write into
    what it is given."""
    if exchange.open:
        return _drawn(exchange, last)
    drawn = exchange.drawn  # read once: another tab may draw it at the same time
    if exchange.resting is not None and drawn is not None:
        return _unpacked(drawn[1])
    said = (exchange.text, exchange.answer is None, len(exchange.evidence), exchange.understood, exchange.error)
    shown = (exchange.status, exchange.tells, exchange.gone, exchange.fresh, exchange.readable, exchange.about is None)
    state = (current(), last, *said, *shown)
    if drawn is None or drawn[0] != state:
        exchange.drawn = drawn = (state, zlib.compress(json.dumps(_drawn(exchange, last)).encode()))
    return _unpacked(drawn[1])


def _unpacked(packed: bytes) -> list[ChatMessage]:
    messages: list[ChatMessage] = json.loads(zlib.decompress(packed))
    return messages


def _drawn(exchange: Exchange, last: bool) -> list[ChatMessage]:
    messages = _asked(exchange)
    if exchange.status == "searching":
        title = tr("Reading the picture and searching") if exchange.picture else tr("Searching")
        return [*messages, _assistant("", title=title, status="pending")]
    if exchange.evidence:
        messages.append(_found(exchange))
    if exchange.status == "elsewhere":
        messages.append(_assistant("", title=tr("Being answered in another window"), status="pending"))
    if exchange.thinking and exchange.open and not exchange.text:
        messages.append(
            _assistant("", title=tr("Thinking, {count} words so far", count=exchange.thinking), status="pending")
        )
    body = _body(exchange, last)
    if body:
        answer = _assistant(body)
        if exchange.understood and not exchange.open:
            answer["options"] = [{"value": f"{_AS_TYPED}{exchange.number}", "label": tr("Ask it as typed")}]
        messages.append(answer)
    return messages


def as_typed_of(value: object) -> int:
    """The number of the exchange whose button has this value; 0 where there is no such button."""
    match = re.fullmatch(rf"{_AS_TYPED}(\d{{1,9}})", value, re.ASCII) if isinstance(value, str) else None
    return int(match[1]) if match else 0


def _asked(exchange: Exchange) -> list[ChatMessage]:
    content: list[object] = []
    if exchange.picture is not None and exchange.readable:
        content.append({"path": str(exchange.picture)})
    elif exchange.picture is not None:
        content.append(safe.question(tr("Picture: {name}", name=exchange.picture.name)))
    if exchange.question:
        content.append(safe.question(exchange.question))
    return [{"role": "user", "content": content}]


def _found(exchange: Exchange) -> ChatMessage:
    lines = "".join(f"<li>{_reference(exchange.number, e)}</li>" for e in exchange.evidence)
    seconds = max(exchange.seconds, LEAST_SECONDS)
    return _assistant(
        safe.block(f"<ul>{lines}</ul>"),
        title=tr("Found {what} ({seconds} s)", what=found(exchange.evidence), seconds=number(seconds, 1)),
        status="done",
    )


def _reference(turn: int, evidence: Evidence) -> str:
    label = evidence.chunk.caption or evidence.chunk.heading or kind_name(evidence.chunk.kind)
    label = label if len(label) <= LABEL else f"{label[: LABEL - 2]}…"
    return f"{safe.citation(turn, evidence.number)} {safe.attribute(f'{_where(evidence)} – {label}')}"


def _where(evidence: Evidence) -> str:
    if evidence.time:
        return f"{evidence.doc_name}, {evidence.time}"
    return tr("{name}, p. {page}", name=evidence.doc_name, page=evidence.chunk.page)


def _body(exchange: Exchange, last: bool) -> str:
    known: dict[int, Support] = {e.number: "supported" for e in exchange.evidence}
    if exchange.answer:
        known.update({c.number: _support(c) for c in exchange.answer.citations})
    parts = [_note(_asked_about(exchange.about))] if exchange.about else []
    parts += [_note(tr("Understood as: {question}", question=exchange.understood))] if exchange.understood else []
    if exchange.answer and exchange.answer.failed:
        parts += _failure(exchange, exchange.answer.failed)
    text = told(exchange.text) if exchange.text == WITHHELD else exchange.text
    parts.append(safe.markdown(text, exchange.number, known))
    if exchange.status == "stopped":
        parts.append(_note(tr("Stopped.")))
    if exchange.status == "failed":
        parts += _failure(exchange, exchange.error)
        if exchange.evidence:
            parts.append(_note(tr("What was found is still in the evidence panel.")))
    if exchange.answer:
        parts += [_note(note) for note in _notes(exchange, exchange.answer)]
        parts += [_no_model()] if exchange.tells else []
        parts += [_strip(exchange, exchange.answer), _copied(exchange.answer)]
    parts.append("" if exchange.under_way else _acts(exchange, last))
    return "\n\n".join(part for part in parts if part)


def _failure(exchange: Exchange, reason: str) -> list[str]:
    """What went wrong, and the number under which the log has it."""
    number = tr("If you report this, give the number {number}.", number=exchange.id[:SHOWN])
    return [f'<div class="ps-failure">{safe.attribute(told(reason))}</div>', _note(number)]


def _acts(exchange: Exchange, last: bool) -> str:
    """What can be done with an answer, as links that the page's script hears (``ui/assets/turns.js``)."""
    acts = [("edit", tr("Change the question"))] if exchange.question else []
    acts += [("again", tr("Answer again"))] if last else []
    kept = exchange.answer is not None and (exchange.owner or not exchange.fresh)
    files = [("html", "HTML"), ("pdf", "PDF"), ("zip", "Markdown")] if kept else []
    saved = [_act(exchange, *file, f"{tr('Save this answer as')} ") for file in files]
    saved = [f"<span>{tr('Save as')}</span>", *saved] if saved else []
    return f'<div class="ps-acts">{"".join([*(_act(exchange, *act) for act in acts), *saved])}</div>'


def _act(exchange: Exchange, name: str, words: str, before: str = "") -> str:
    heard = f'<span class="ps-heard">{before}</span>' if before else ""
    return f'<a href="#act-{name}-{exchange.id}">{heard}{words}</a>'


def _note(words: str) -> str:
    return f'<div class="ps-note">{safe.attribute(words)}</div>'


def _no_model() -> str:
    """With the link that opens the settings, for those who may (``settings.css`` hides it from others)."""
    words = tr("Answers quote the documents: no model is set up.")
    return f'<div class="ps-note">{words} <a href="#ps-settings">{tr("Choose a model")}</a></div>'


def _asked_about(about: Exchange) -> str:
    found = place(about)
    return tr("Asked about your picture: {where}", where=_where(found)) if found else tr("Asked about your picture")


def _gone(exchange: Exchange, answer: Answer) -> str:
    """That documents an answer cites are no longer there."""
    cited = {citation.doc for citation in answer.citations} & exchange.gone
    names = list(dict.fromkeys(e.doc_name for e in answer.evidence if e.chunk.doc in cited))
    if not names:
        return ""
    if len(names) == 1:
        return tr("{name} has been removed from the library; what was cited is kept.", name=names[0])
    return tr("{names} have been removed from the library; what was cited is kept.", names=listed(names))


def _notes(exchange: Exchange, answer: Answer) -> list[str]:
    notice = answer.notice.replace(QUOTED, "")
    if answer.failed:  # what stands above the answer is not said again
        notice = re.sub(rf"(^.*? {re.escape(UNASKED)} )?{re.escape(answer.failed)}", "", notice)
    notes = [_gone(exchange, answer), told_each(notice.strip())]
    if (answer.refused or answer.sureness == "closest") and exchange.docs:
        notes.append(
            tr("Only {count} of {all} documents were searched.", count=len(exchange.docs), all=exchange.library)
        )
        notes[-1] += " " + _wider(exchange)
    if answer.dropped_markers:
        notes.append(tr("{count} citations of evidence that does not exist left out.", count=answer.dropped_markers))
    supports = {_support(c) for c in answer.citations}
    if "unsupported" in supports:
        notes.append(
            tr(
                "Dashed citations: the check by program did not find in the evidence what the sentence says. "
                "Read it there yourself."
            )
        )
    if "weak" in supports:
        notes.append(tr("Dotted citations: the evidence says it in other words at best. Read it there yourself."))
    for doubt in answer.doubts:
        if doubt.suggested:
            notes.append(
                tr("Cites nothing: “{said}” – source {number} says so.", said=doubt.sentence, number=doubt.suggested)
            )
        else:
            notes.append(tr("Cites nothing: “{said}” – none of the evidence says so.", said=doubt.sentence))
    return [note for note in notes if note]


def _support(citation: Citation) -> Support:
    """Of a citation that was kept before there were three cases, too."""
    return citation.support if citation.supported else "unsupported"


def _wider(exchange: Exchange) -> str:
    """How to search the other documents, too."""
    if exchange.spot or (exchange.about and exchange.about.spot):
        return tr("To search them too, close what the question is about, above the question box, and ask again.")
    return tr(
        "To search the others too, tick more of them on the left, or close the collection above the question box, "
        "and ask again."
    )


def _strip(exchange: Exchange, answer: Answer) -> str:
    """Cut-outs of what the answer cites, figures and tables included, with their document where several were searched;
    each opens its page."""
    across = (len(exchange.docs) or exchange.library) > 1
    pieces = {e.number: e for e in answer.evidence}
    items = []
    for citation in [c for c in answer.citations if c.number in pieces][:STRIP_LIMIT]:
        piece = pieces[citation.number]
        chunk, there = piece.chunk, "" if piece.chunk.doc not in exchange.gone else f" · {tr('removed')}"
        what = (
            f"{kind_name(chunk.kind)}, {piece.time}: {chunk.caption or chunk.text}"
            if piece.time
            else tr(
                "{kind} on page {page}: {caption}",
                kind=kind_name(chunk.kind),
                page=chunk.page,
                caption=chunk.caption or chunk.text,
            )
        )
        words = safe.attribute(f"{piece.doc_name} · {what}"[:160] if across else what[:160])
        excerpt = excerpt_url(exchange, piece, citation)
        kind = ' class="ps-excerpt"' if excerpt else ""
        name = f'<span class="ps-of">{safe.attribute(piece.doc_name)}</span>' if across else ""
        items.append(
            f'<a href="#cite-{exchange.number}-{citation.number}" title="{words}"{kind}>'
            f'<img src="{safe.attribute(excerpt or picture_of(exchange, piece))}" alt="{words}">'
            f"<span>{citation.number} · {piece.time or tr('p. {page}', page=chunk.page)}{there}</span>{name}</a>"
        )
    return f'<div class="ps-strip">{"".join(items)}</div>' if items else ""


def _copied(answer: Answer) -> str:
    """What the copy button copies, not shown: the answer as plain words and a line per cited source."""
    pieces = {e.number: e for e in answer.evidence}
    lines = {c.number: f"[{c.number}] {_source(pieces[c.number], c)}" for c in answer.citations}
    text = "\n".join([plain_text(answer.text), *([""] if lines else []), *(lines[number] for number in sorted(lines))])
    return f'<div class="ps-copy">{safe.one_line(html.escape(text))}</div>'


def _source(piece: Evidence, citation: Citation) -> str:
    name, caption = piece.doc_name, " ".join(citation.caption.split())
    if piece.time:
        return ", ".join(part for part in (name, piece.time, caption) if part)
    if not caption:
        return tr("{name}, page {page}", name=name, page=citation.page)
    kinds = {"text": tr("text"), "table": tr("table"), "figure": tr("figure"), "page": tr("page")}
    kind = kinds[citation.kind]
    return tr("{name}, page {page}, {kind} “{caption}”", name=name, page=citation.page, kind=kind, caption=caption)


def _assistant(content: str, title: str = "", status: str = "done") -> ChatMessage:
    message: ChatMessage = {"role": "assistant", "content": content}
    if title:
        message["metadata"] = {"title": title, "status": status}
    return message
