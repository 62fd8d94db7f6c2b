"""Where the references of a document lead: the section, page, figure or table that "see chapter 4.2" names, or that
comes next where a sentence says "in the figure below".

Only references in sentences that have a word of the question are followed, and of them only a few: a manual refers to
itself on every page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from ingestion.elements import Chunk
from ingestion.geometry import horizontal_overlap
from ingestion.text.caption_labels import caption_labels
from rag.answering.evidence.surroundings import Surroundings
from rag.answering.passages.announcing import Announced, announced
from rag.answering.passages.quotations import asked_terms
from rag.answering.passages.references import Reference, names, numbers, references, says_only_where
from rag.text.passages import content_terms, sentences, without_bars
from rag.text.plain import plain_words

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

MOST_FOLLOWED = 3
"""References that are followed for one question."""

MOST_ANNOUNCED = 2
"""What comes next according to a sentence, that is looked up for one question."""

KNOWN, FIRST = 0.5, 6
"""Share of a question's terms that stand in the texts, below which they are taken for ones of another language; and the
texts, the first ones, of which what comes next is then looked up without a common word."""

LINE = 8.0
"""Points by which what stands below a line may begin above the end of that."""


class Lead(NamedTuple):
    """Words of the ``place``-th of several texts that refer to something, and the part of its document that they lead
    to."""

    place: int
    written: str
    target: Chunk


class Referred:
    """Looks up what references name."""

    def __init__(self, index: IndexReader, around: Surroundings, question: str) -> None:
        self._index, self._around = index, around
        self._wanted = frozenset(asked_terms(question))

    def leads(self, texts: Sequence[tuple[Chunk, str]]) -> list[Lead]:
        """The references in texts, each given with the chunk that it stands at, whose sentences have most of the
        question, and what they lead to."""
        said = [sentences(without_bars(text)) for _, text in texts]
        found: list[Lead] = []
        for place, sentence, reference in self._pointing(said):
            if len(found) == MOST_FOLLOWED:
                break
            target = self._target(texts[place][0], reference, frozenset(content_terms(sentence)))
            if target is not None and target.id != texts[place][0].id:
                found.append(Lead(place, reference.written, target))
        return [*found, *self._announced([chunk for chunk, _ in texts], said)]

    def _announced(self, at: Sequence[Chunk], said: Sequence[Sequence[str]]) -> list[Lead]:
        """What comes next according to the sentences that have most of the question; ``said``: those at each chunk."""
        told: list[tuple[int, int, str, Announced]] = []
        for place, held in enumerate(said):
            for sentence in held:
                if words := announced(sentence):
                    shared = len(self._wanted.intersection(content_terms(sentence)))
                    told.append((shared, place, sentence, words))
        if any(shared for shared, *_ in told):
            told = [one for one in told if one[0]]
        elif told and self._is_foreign(said):
            told = [one for one in told if one[1] < FIRST]
        else:
            return []
        found: list[Lead] = []
        for _, place, sentence, words in sorted(told, key=lambda one: (-one[0], one[1])):
            if len(found) == MOST_ANNOUNCED:
                break
            target = self._next(at[place], sentence, words)
            if target is not None and target.id != at[place].id:
                found.append(Lead(place, words.written, target))
        return found

    def _is_foreign(self, said: Sequence[Sequence[str]]) -> bool:
        """Whether hardly a word of the question stands in the texts: it is in another language, and words tell
        nothing."""
        known = self._wanted.intersection(
            term for held in said for sentence in held for term in content_terms(sentence)
        )
        return len(known) < KNOWN * len(self._wanted)

    def _next(self, near: Chunk, sentence: str, words: Announced) -> Chunk | None:
        """The figure or table below the passage with a sentence, in its column, else in one right of it, else on the
        next page; where the sentence ends its passage and names neither, whatever comes next."""
        pages = dict.fromkeys(page for region in near.regions for page in (region.page, region.page + 1))
        parts = [part for page in pages for part in self._around.parts(near.doc, page)]
        at = next((part for part in parts if part.kind == "text" and sentence in part.text), None)
        if at is None or (not words.what and not at.text.rstrip().endswith(sentence.rstrip())):
            return None
        page, box = at.regions[-1].page, at.regions[-1].bbox
        beside = [p for p in self._around.parts(at.doc, page) if p.page == page and p.id != at.id]
        below = [p for p in beside if p.bbox.y0 >= box.y1 - LINE and horizontal_overlap(p.bbox, box) > 0]
        right = [p for p in beside if p.bbox.x0 >= box.x1 - LINE]
        over = bool(words.what) or not (below or right)
        beyond = [p for p in self._around.parts(at.doc, page + 1) if p.page == page + 1] if over else []
        for column in (below, right, beyond):
            fit = [p for p in column if words.what in ("", p.kind) and (p.text or p.caption)]
            if fit:
                return min(fit, key=lambda p: (p.bbox.y0, -p.bbox.x1))
        return None

    def _pointing(self, said: Sequence[Sequence[str]]) -> Iterable[tuple[int, str, Reference]]:
        found: list[tuple[int, int, str, Reference]] = []
        for place, held in enumerate(said):
            for sentence, following in zip_longest(held, held[1:], fillvalue=""):
                titled = references(f"{sentence} {following}")  # "chapter 9. Resetting" is no end of a sentence
                named = [r for r in titled if r.pointing and r.written in sentence]
                shared = len(self._wanted.intersection(content_terms(sentence))) if named else 0
                if shared:
                    only = says_only_where(sentence, self._wanted)
                    found += [(shared, place, sentence, r) for r in named if only or r.to in ("section", "page")]
        for _, place, sentence, reference in sorted(found, key=lambda one: (-one[0], one[1])):
            yield place, sentence, reference

    def _target(self, at: Chunk, reference: Reference, said: frozenset[str]) -> Chunk | None:
        """The part that has most of the question, then most of the sentence's words, of what is referred to; the first
        of several."""
        found = [
            part for part in self._referred(at, reference, said) if part.id != at.id and (part.text or part.caption)
        ]
        if not found:
            return None

        def worth(part: Chunk) -> tuple[int, int]:
            terms = frozenset(content_terms(f"{part.heading.split(' > ')[-1]} {part.caption} {part.text}"))
            return len(terms & self._wanted), len(terms & said)

        best = max(found, key=worth)
        return best if reference.to != "page" or any(worth(best)) else None

    def _referred(self, at: Chunk, reference: Reference, said: frozenset[str]) -> Sequence[Chunk]:
        if reference.to == "section":
            return self._section(at, reference, said)
        if reference.to == "page":
            number = int(reference.number) if reference.number.isdecimal() else 0
            pages = [page.page for page in self._index.catalogue.labelled([at.doc], [number])]
            page = min(pages, key=lambda page: abs(page - at.page), default=None)
            return [] if page is None else self._around.parts(at.doc, page)
        kinds = self._index.catalogue.chunks_of(at.doc, kinds=[reference.to])
        labelled = [
            c for c in kinds if any(label.number == reference.number for label in caption_labels(c.caption, True))
        ]
        return sorted(labelled, key=lambda chunk: abs(chunk.page - at.page))[:1]

    def _section(self, at: Chunk, reference: Reference, said: frozenset[str]) -> Sequence[Chunk]:
        """What stands under the heading that a reference names, on its first page. Of several such headings, as in a
        manual of five languages, the nearest that has a word of the sentence."""
        headings = self._index.catalogue.headings(at.doc)
        for fits in (names, numbers):
            named = [(page, name) for path, page in headings for name in path.split(" > ") if fits(reference, name)]
            named = [(page, name) for page, name in named if name != at.heading.split(" > ")[-1]]
            if len({name for _, name in named}) > 1:  # a part that counts anew, another language: words tell
                words = frozenset(term for term in said if not term.isdigit())
                named = [(page, name) for page, name in named if words.intersection(content_terms(name))]
            if named:
                page, name = min(named, key=lambda one: abs(one[0] - at.page))
                return self._around.under(at.doc, page, plain_words(name))
        return []
