"""What stands around a hit: its neighbours under the same heading, the section that a heading names.

What is found may be a small piece that says nothing alone: a step without its procedure, a list's introduction without
the list, a heading. Each page is read from the index once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from ingestion.elements import Chunk
from ingestion.geometry import horizontal_overlap
from rag.answering.passages.lists import step_number
from rag.text.passages import tokens
from rag.text.plain import plain_words

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

SHORT_PASSAGE = 120
"""Tokens below which a passage gets its neighbours under the same heading."""

PARENT = 400
"""Tokens such a passage may grow to."""

STEPS = 500
"""Tokens of further steps that are taken in."""

LONGEST_HEADING = 15
"""Words of a passage that may be a heading and nothing else."""

BELOW = 40.0
"""Points below a passage within which a table or figure begins that it introduces."""

_INTRODUCES = (":", "：")


class Surroundings:
    """The parts of pages around hits, in reading order: passages first, then tables and figures."""

    def __init__(self, index: IndexReader, found: Collection[str] = ()) -> None:
        """``found``: ids of all that was found; none of it is taken in over a page break, so that its page stays."""
        self._index, self._found = index, frozenset(found)
        self._parts: dict[tuple[str, int], Sequence[Chunk]] = {}

    def parts(self, doc: str, page: int) -> Sequence[Chunk]:
        """The passages, tables and figures with a region on a page."""
        if (doc, page) not in self._parts:
            self._parts[doc, page] = self._index.catalogue.chunks_of(doc, page, ("text", "table", "figure"))
        return self._parts[doc, page]

    def around(self, chunk: Chunk, taken: Collection[str] = ()) -> tuple[Chunk, ...]:
        """A short passage with its neighbours under the same heading, in reading order, over one page break at most;
        a long one alone, unless it introduces what follows. ``taken``: ids of what is shown elsewhere already.
        """
        introduces = chunk.text.rstrip().endswith(_INTRODUCES)
        if tokens(chunk.text) >= SHORT_PASSAGE and not introduces:
            return (chunk, *self._further_steps(chunk, taken))
        before, after = self._neighbours(chunk, -1, taken), self._neighbours(chunk, 1, taken)
        run, size = [chunk], tokens(chunk.text)
        sides = [after] if tokens(chunk.text) >= SHORT_PASSAGE else [before, after]
        while sides:
            side = sides.pop(0)
            found = next(side, None)
            if found is None or size + tokens(found.text) > PARENT:
                continue
            run = [found, *run] if side is before else [*run, found]
            size += tokens(found.text)
            sides.append(side)
        if run[-1].text.rstrip().endswith(_INTRODUCES):
            run += self._introduced(run[-1], taken)
        return (*run, *self._further_steps(run[-1], taken))

    def section(self, chunk: Chunk) -> tuple[Chunk, ...]:
        """What stands under a passage that is nothing but a heading, on its page or the next; nothing for all else."""
        name = plain_words(chunk.text)
        if chunk.kind != "text" or not name or len(chunk.text.split()) > LONGEST_HEADING:
            return ()
        for page in (chunk.page, chunk.page + 1):
            under = self.under(chunk.doc, page, name)
            if under:
                return tuple(part for part in under if part.id != chunk.id)
        return ()

    def under(self, doc: str, page: int, name: str) -> tuple[Chunk, ...]:
        """The parts of a page below a heading of this name, as :func:`~rag.text.plain.plain_words` has it."""
        return tuple(c for c in self.parts(doc, page) if name in headings_of(c.heading))

    def _neighbours(self, chunk: Chunk, step: int, taken: Collection[str]) -> Iterator[Chunk]:
        """Passages of the same heading, from a passage on, backwards where ``step`` is -1."""
        page = chunk.regions[-1 if step > 0 else 0].page
        passages = [c for c in self.parts(chunk.doc, page) if c.kind == "text"]
        place = next((i for i, c in enumerate(passages) if c.id == chunk.id), None)
        if place is None:
            return
        rest = passages[place + 1 :] if step > 0 else passages[:place][::-1]
        for other in rest:
            if other.heading == chunk.heading:
                if other.id in taken:
                    return
                yield other
        if not chunk.heading or (rest and rest[-1].heading != chunk.heading):
            return
        beyond = [c for c in self.parts(chunk.doc, page + step) if c.kind == "text"]
        for other in beyond[::step]:
            if other.heading != chunk.heading or other.id in self._found or other.id in taken:
                return
            yield other

    def _further_steps(self, passage: Chunk, taken: Collection[str]) -> list[Chunk]:
        """The passages right after one that go on with its numbered steps, on its page or the next, whatever heading a
        warning between them was taken for; none that was found itself."""
        found: list[Chunk] = []
        size = 0
        while (last := _last_step((found or [passage])[-1])) and size < STEPS:
            after = self._after((found or [passage])[-1])
            if after is None or step_number(after.text) != last + 1 or after.id in taken or after.id in self._found:
                break
            found.append(after)
            size += tokens(after.text)
        return found

    def _after(self, passage: Chunk) -> Chunk | None:
        """The passage of more than a heading that follows one in the order of reading."""
        for page in (passage.regions[-1].page, passage.regions[-1].page + 1):
            texts = [c for c in self.parts(passage.doc, page) if c.kind == "text"]
            place = next((i for i, c in enumerate(texts) if c.id == passage.id), -1)
            rest = [c for c in texts[place + 1 :] if step_number(c.text) or len(c.text.split()) > LONGEST_HEADING]
            if rest:
                return rest[0]
        return None

    def _introduced(self, passage: Chunk, taken: Collection[str]) -> list[Chunk]:
        """The table or figure right below a passage that introduces it."""
        region = passage.regions[-1]
        below = [
            part
            for part in self.parts(passage.doc, region.page)
            if part.kind != "text"
            and part.id not in taken
            and part.id not in self._found
            and part.page == region.page
            and -1.0 <= part.bbox.y0 - region.bbox.y1 <= BELOW
            and horizontal_overlap(part.bbox, region.bbox) > 0
        ]
        first = min(below, key=lambda part: part.bbox.y0, default=None)
        return [first] if first is not None and tokens(first.text) <= PARENT else []


def _last_step(passage: Chunk) -> int:
    """The number of the last step in a passage; 0 where there is none."""
    return next((n for line in reversed(passage.text.splitlines()) if (n := step_number(line))), 0)


def headings_of(path: str) -> tuple[str, ...]:
    """The headings of a path, each as plain words."""
    return tuple(plain_words(name) for name in path.split(" > ")) if path else ()
