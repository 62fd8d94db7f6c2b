"""Index generations: built beside the live one, judged, swapped in or kept aside, rolled back, deleted.

A generation is built in two steps. First every stored document is embedded into arrays, and the graph gets its copy,
which takes hours for a large library and needs no right to write: people search, add and remove meanwhile, and what is
done when the process is killed is done. Then, in a moment, what was added since is embedded too, and one transaction
makes the generation live. One that a gate refuses stays beside it, whole: it can be made live all the same, and is
found again, and judged anew, by the next run with the same encoder.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

from rag.config import Settings
from rag.encoders.base import Encoder, Recorded
from rag.encoders.open import open_encoder
from rag.encoders.resolve import AUTO
from rag.errors import IndexDamaged, StoreError
from rag.indexing import duplicates
from rag.indexing.calibrate import calibrate, calibrate_if_due
from rag.indexing.embed import embed_document
from rag.indexing.page_windows import reads_pages
from rag.indexing.passage_tokens import reads_tokens
from rag.storage import repair
from rag.storage.reader import PAGES_RECORD, TOKENS_RECORD, IndexReader
from rag.storage.tables.database import Generation
from rag.storage.writer import IndexWriter
from rag.types import Progress

LOCK = "reindex.lock"
LIBRARIES = ("numpy", "pillow", "safetensors", "tokenizers", "torch", "transformers", "wordllama")  # shape vectors
UNFINISHED, REFUSED = "building", "refused"  # states of generations that no reader has seen

Report = Callable[[Progress], None]
Gate = Callable[[IndexReader, IndexReader], bool]
"""Is shown the live index and a candidate, and says whether to swap."""
Say = Callable[[str], None]


class Summary(NamedTuple):
    """A generation as people see it: ``documents`` and ``vectors`` are counts, ``size`` bytes of its arrays."""

    generation: Generation
    documents: int
    vectors: int
    size: int
    record: dict[str, Any]


def only_one(index: IndexWriter) -> AbstractContextManager[object]:
    """The right to build generations. Raises :class:`IndexBusy` at once where another process has it."""
    return index.catalogue.lock(LOCK, wait=0.0)


def reindex(
    index: IndexWriter, encoder: str | None, words: str | None, gate: Gate | None, keep: int, report: Report, say: Say
) -> bool:
    """See :meth:`rag.index.Index.reindex`."""
    asked = asked_for(index.settings, encoder, words)
    kept = _kept(index, asked) if AUTO not in (encoder, words) else None
    chosen = open_encoder(asked, recorded=kept)
    with only_one(index):
        judged = _judged(index, gate)
        duplicates.update(index.catalogue, index.files, report)
        building = _Building(index, _begin(index, chosen, asked, say), report)
        building.embed()
        with index.session():
            building.catch_up()
        building.settle()
        calibrate(building.candidate, report)
        accepted = judged(building.candidate)
        building.embed()
        with index.session(risky=True):
            if accepted:
                building.catch_up()
                index.use(chosen)
                index.catalogue.make_live(building.number, keep)
            else:
                index.catalogue.refuse(building.number)
            repair.drop_generations(index)
        building.settle()
    return accepted


def _judged(index: IndexWriter, gate: Gate | None) -> Callable[[IndexWriter], bool]:
    """Says whether a candidate may be swapped in; fails now, and not after hours, where the live one cannot search."""
    if gate is None:
        return lambda candidate: True
    live = index.as_built()  # the settings may name the candidate's encoder
    live.check_encoder()

    def judge(candidate: IndexWriter) -> bool:
        try:
            return gate(live, candidate)
        finally:
            live.vectors.close()

    return judge


def asked_for(settings: Settings, encoder: str | None, words: str | None) -> Settings:
    """The settings with another encoder, where one is named for a part."""
    return replace(settings, encoder=encoder or settings.encoder, words=words or settings.words)


def _kept(index: IndexWriter, asked: Settings) -> Recorded | None:
    """Who names one part changes that one: the other stays what it is. Who never named one wants the best there is."""
    if not index.named and (asked.encoder == AUTO) == (asked.words == AUTO):
        return None
    return Recorded(index.generation.encoder, index.generation.words)


def switch(index: IndexWriter, number: int | None, report: Report) -> Generation:
    """See :meth:`rag.index.Index.switch`."""
    with only_one(index):
        target = _last_live(index) if number is None else _with_number(index, number, "previous", REFUSED)
        candidate = index.at(target, replace(index.settings, encoder="auto", words="auto"))
        opened = candidate.encoder  # fails here, and not at the first question, where its weights are gone
        building = _Building(index, candidate, report)
        building.embed()
        building.settle()
        with index.session(risky=True):
            building.catch_up()
            index.use(opened)
            index.catalogue.make_live(target.id, keep=None)
        building.settle()
        calibrate_if_due(index, report)
    return target


def prune(index: IndexWriter, keep: int, numbers: Collection[int] = ()) -> list[Generation]:
    """Delete these generations; without numbers unfinished and refused ones, and previous ones but the latest ``keep``.

    Returns those deleted. Raises :class:`StoreError` for the live one and for a number that is not there.
    """
    with only_one(index), index.session(risky=True):
        aside = [g for g in index.catalogue.generations() if g.state in (UNFINISHED, REFUSED)]
        gone = aside + index.catalogue.previous()[keep:]
        if numbers:
            gone = [_with_number(index, number, "previous", UNFINISHED, REFUSED) for number in numbers]
        for generation in gone:
            index.catalogue.drop_generation(generation.id)
        repair.drop_generations(index)
    return gone


def summaries(index: IndexWriter) -> list[Summary]:
    """All generations: the live one, previous ones, the latest first, refused ones, an unfinished one."""
    known = index.catalogue.generations()
    order = [g for g in known if g.state == "live"] + index.catalogue.previous()
    order += [g for state in (REFUSED, UNFINISHED) for g in known if g.state == state]
    return [_summary(index, generation) for generation in order]


def made_with(encoder: Encoder) -> dict[str, Any]:
    """For the record: the parts of its vectors, what the fingerprint is made of, and the libraries that were used."""
    libraries = {name: _version(name) for name in LIBRARIES} | _python()
    return {"facts": dict(encoder.facts), "libraries": libraries, "parts": [list(part) for part in encoder.parts]}


class _Building:
    """A generation that is brought up to the documents that are there; every step may be repeated."""

    def __init__(self, index: IndexWriter, candidate: IndexWriter, report: Report) -> None:
        self.index, self.candidate, self._report = index, candidate, report
        self.number = candidate.generation.id
        self._arrays = candidate.vectors.arrays

    def embed(self) -> None:
        """Keep the vectors of the documents that have none yet."""
        self._arrays.clear_parts()
        todo = [doc_id for doc_id in self.index.catalogue.ids() if doc_id not in self._arrays.whole()]
        for done, doc_id in enumerate(todo):
            self._report(Progress("documents", "embedding", done, len(todo)))
            self._embed(doc_id)
        self._report(Progress("documents", "embedding", len(todo), len(todo)))

    def catch_up(self) -> None:
        """With the right to write: what was added or removed since; after :meth:`embed` that is little."""
        self.embed()
        for gone in self._arrays.ids() - set(self.index.catalogue.ids()):
            self._arrays.remove(gone)
        self.candidate.update_means()

    def settle(self) -> None:
        """Give the graph what it lacks."""
        self.candidate.settle(self._report)
        self.candidate.vectors.close()

    def _embed(self, doc_id: str) -> None:
        try:
            document = self.index.files.load_document(doc_id)
        except IndexDamaged:
            if self.index.catalogue.has(doc_id):
                raise
            return  # removed meanwhile

        def heard(done: int, total: int) -> None:
            self._report(Progress(document.name, "embedding", done, total))

        made = self.candidate
        with self.index.files.pictures(document) as folder:
            found = embed_document(
                document, folder, made.encoder, made.settings.batch, heard, made.has_pages, made.has_tokens
            )
        self._arrays.save(doc_id, found.nodes, document.chunks, found.tokens)


def _begin(index: IndexWriter, encoder: Encoder, settings: Settings, say: Say) -> IndexWriter:
    """The generation to be built: an unfinished or refused one of the same encoder, else a new one."""
    aside = [g for g in index.catalogue.generations() if g.state in (UNFINISHED, REFUSED)]
    same = [g for g in aside if _is_made_by(index, g, encoder, settings.store)]
    if same:
        chosen = same[-1]
        say(f"Going on with generation {chosen.id} ({chosen.name}), which was {_fate(index, chosen)}")
    else:
        for found in [g for g in aside if g.state == UNFINISHED]:
            say(f"Generation {found.id} ({found.name}) was {_fate(index, found)}; {encoder.name} starts anew")
            with index.session(risky=True):
                index.catalogue.drop_generation(found.id)
                repair.drop_generations(index)
        chosen = new_generation(index, encoder, settings.store)
    candidate = index.at(chosen, settings)
    candidate.use(encoder)
    return candidate


def _is_made_by(index: IndexWriter, found: Generation, encoder: Encoder, store: str) -> bool:
    record = index.catalogue.record(found.id)
    extras = record.get(PAGES_RECORD, False), record.get(TOKENS_RECORD, False)
    made = found.fingerprint, found.encoder, found.words, record.get("store"), extras
    return made == (encoder.fingerprint, *_specs(encoder), store, (reads_pages(encoder), reads_tokens(encoder)))


def _fate(index: IndexWriter, found: Generation) -> str:
    done = len(index.arrays(found).whole())
    return f"refused, with its {done} documents" if found.state == REFUSED else f"stopped after {done} documents"


def new_generation(index: IndexWriter, encoder: Encoder, store: str) -> Generation:
    """An empty generation for this encoder, with its record."""
    made = index.catalogue.new_generation(*_specs(encoder), encoder.name, encoder.fingerprint, encoder.dim)
    extras = {PAGES_RECORD: reads_pages(encoder), TOKENS_RECORD: reads_tokens(encoder)}
    index.catalogue.add_to_record(made.id, store=store, **extras, **made_with(encoder))
    return made


def _specs(encoder: Encoder) -> tuple[str, str]:
    return encoder.picture_spec, encoder.words_spec


def _last_live(index: IndexWriter) -> Generation:
    for generation in index.catalogue.previous():
        return generation
    raise StoreError(f"The index {index.root} has no earlier generation; `python -m rag reindex` makes one")


def _with_number(index: IndexWriter, number: int, *states: str) -> Generation:
    """Raises :class:`StoreError` where there is none in one of these states."""
    known = index.catalogue.generations()
    for generation in known:
        if generation.id == number and generation.state in states:
            return generation
    there = ", ".join(f"{g.id} ({g.state}, {g.name})" for g in known)
    wanted = " or ".join(dict.fromkeys(states))
    raise StoreError(f"There is no {wanted} generation {number} in {index.root}; there are {there}")


def _summary(index: IndexWriter, generation: Generation) -> Summary:
    kept = index.arrays(generation)
    record = index.catalogue.record(generation.id)
    return Summary(generation, len(kept.whole()), kept.count(), kept.size(), record)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _python() -> dict[str, str]:
    return {"python": platform.python_version(), "machine": platform.machine()}
