"""The words of exported conversations, in the language that is spoken now."""

from __future__ import annotations

from rag.export.wording import Wording
from ui.words.language import LANGUAGES, current, told, tr


def export_words() -> Wording:
    """What stands around questions and answers in a file."""
    return Wording(
        language=LANGUAGES[current()].locale,
        understood=tr("Understood as: {question}"),
        picture=tr("Picture: {name}"),
        own_picture=tr("The question's picture"),
        captioned=tr("{kind} “{caption}”"),
        place=tr("{name}, page {page}, {what}, box ({box}) pt"),
        quotes=tr("quoted from the documents"),
        time=tr("{date}, {time} UTC"),
        unsupported=tr("The sentence that cites this says something that was not found in it: {doubt}."),
        weak=tr("Only weakly supported: {doubt}."),
        kinds={"text": tr("text"), "table": tr("table"), "figure": tr("figure"), "page": tr("page")},
        told=told,
    )
