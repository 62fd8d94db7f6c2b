"""What the doctor finds of an index: whether it is whole, what of it an earlier version made, its trash, its queue."""

from __future__ import annotations

from collections.abc import Iterator

from rag.cli.doctor_models import encoder_findings
from rag.cli.finding import BAD, OK, WARN, Finding
from rag.cli.output import count
from rag.config import Settings
from rag.disk import size_in_words
from rag.encoders.open import open_encoder
from rag.errors import LostCatalogue, NoIndex, RagError
from rag.index import Index
from rag.indexing import recatalogue
from rag.indexing.ability import LEAST_QUESTIONS
from rag.indexing.page_windows import reads_pages
from rag.indexing.passage_tokens import reads_tokens
from rag.indexing.reparse import outdated
from rag.storage import trash
from rag.storage.vectors.calibration import Ability
from rag.storage.vectors.engines.base import EngineFailed

SHOWN = 5  # violations, and names of documents


def library_and_encoder(settings: Settings) -> Iterator[Finding]:
    """Opens the index for it; where there is none, the encoder that would be used."""
    try:
        index = Index.open(settings)
    except LostCatalogue as exc:
        yield Finding(BAD, "index", str(exc))
        return
    except NoIndex:
        yield Finding(OK, "index", f"none yet at {settings.index}", "make one: python -m rag add FILE.pdf")
        yield from encoder_findings(lambda: open_encoder(settings))
        return
    except RagError as exc:
        yield Finding(BAD, "index", str(exc))
        return
    with index:
        yield from library(index)


def library(index: Index) -> Iterator[Finding]:
    """All of an open index."""
    yield from _index(index)
    if left := recatalogue.waiting(index.root):
        detail = f"of an earlier catalogue {count(len(left), 'document')} wait in {left[0].parent}"
        yield Finding(BAD, "index", detail, "`python -m rag doctor --repair` takes them back")
    yield from _vectors(index)
    yield from _codes(index)
    yield from _outdated(index)
    yield from _made_before(index)
    yield from _trash(index)
    yield from encoder_findings(lambda: index.encoder)
    yield from _pictures_by_words(index)


def _index(index: Index) -> Iterator[Finding]:
    live, rows = index.generation, index.catalogue.documents()
    counts = f"{len(rows)} documents, {sum(r.pages for r in rows):,} pages, {sum(r.chunks for r in rows):,} chunks"
    place = f"{index.root}, catalogue in {index.catalogue.store.shown}" if index.settings.store_url else f"{index.root}"
    if index.elsewhere is not None:
        held = size_in_words(index.elsewhere.cache.size())
        place += f", files in {index.elsewhere.objects.address} ({held} of them here)"
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


def _codes(index: Index) -> Iterator[Finding]:
    """Of a large library that an earlier version has made."""
    codes = index.vectors.codes
    old = codes.without_steps() if codes is not None else []
    if old:
        detail = f"{len(old)} documents have codes of an earlier version, which find less of what is not quite the best"
        remedy = "`python -m rag doctor --repair` makes them anew, nothing is embedded again; each addition does some"
        yield Finding(WARN, "vectors", detail, remedy)


def _outdated(index: Index) -> Iterator[Finding]:
    old = outdated(index)
    if old:
        names = ", ".join([row.name for row in old[:SHOWN]] + [f"and {len(old) - SHOWN} more"] * (len(old) > SHOWN))
        detail = f"{len(old)} read by another parser version or with other settings: {names}"
        yield Finding(
            WARN, "index", detail, "`python -m rag reindex --parse` reads them again, with the settings of now"
        )


def _made_before(index: Index) -> Iterator[Finding]:
    """What a generation that an earlier version made lacks although its encoders give it."""
    try:
        lacks = {
            "made before whole pages were read by the sentence encoders: pages are found by their passages alone": (
                not index.has_pages and reads_pages(index.encoder)
            ),
            "made before the tokens of passages were kept: the first pages are not put in order by them": (
                not index.has_tokens and reads_tokens(index.encoder)
            ),
        }
    except RagError:
        return  # what is wrong with the encoder is said elsewhere
    for detail in (detail for detail, missing in lacks.items() if missing):
        yield Finding(OK, "index", detail, "`python -m rag reindex` makes it anew with them; nothing is read again")


def _trash(index: Index) -> Iterator[Finding]:
    rows = trash.listed(index)
    if rows:
        detail = f"{len(rows)} removed, {size_in_words(trash.size(index))}, kept for {index.settings.trash_days} days"
        yield Finding(OK, "trash", detail, "`python -m rag trash empty` frees the space")


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


def queue(settings: Settings) -> Iterator[Finding]:
    """The queue of the workers, where there is to be one."""
    from rag.queue.worker import open_board

    if not settings.queue or not (settings.store_url or settings.index.is_dir()):
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
