"""Terms with their explanations indented below them, as in lists of codes and glossaries: a line each, one block. Pure.

The layout model takes each term and each explanation for a text of its own, or a bold term for a heading; whoever finds
the term has not what it means.

Example: "F3", 9 points below and further right "Sensor open circuit.", then "H6" and "Fan blocked; remove ice." become
the list "F3 Sensor open circuit." and "H6 Fan blocked; remove ice."
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.blocks import Block
from ingestion.geometry import height, union

MIN_PAIRS = 2
TERM_WORDS, MEANING_WORDS = 4, 40  # at most
INDENT = (8.0, 60.0)  # points that an explanation stands further right
EDGE = 3.0  # points between the left edges of terms, and of explanations, at most
GAP = 1.2  # heights of a term's line, down to its explanation and to the next term, at most
SAME_SIZE = 0.5  # points of type by which a term may be larger: more is a heading

Pair = tuple[list[Block], Block]
"""Terms, one or more that mean the same, and their explanation."""


def join_terms(blocks: Sequence[Block]) -> list[Block]:
    """Make one list of each run of terms with their explanations."""
    result: list[Block] = []
    place = 0
    while place < len(blocks):
        pairs, end = _pairs_from(blocks, place)
        if len(pairs) < MIN_PAIRS:
            result.append(blocks[place])
            place += 1
            continue
        held = blocks[place:end]
        rows = (" ".join([*(term.text for term in terms), meaning.text]) for terms, meaning in pairs)
        result.append(Block("list", union(b.bbox for b in held), "\n".join(rows), pairs[0][1].font_size))
        place = end
    return result


def _pairs_from(blocks: Sequence[Block], place: int) -> tuple[list[Pair], int]:
    """The pairs that begin at a place, one after the other, and the place behind the last of them."""
    pairs: list[Pair] = []
    end = place
    terms: list[Block] = []
    for i in range(place, len(blocks)):
        block = blocks[i]
        last = blocks[i - 1] if i > place else None
        if last is not None and not 0 <= block.bbox.y0 - last.bbox.y1 + EDGE <= GAP * height(blocks[place].bbox) + EDGE:
            break
        if terms and all(_explains(block, term) for term in terms) and _at(block, [meaning for _, meaning in pairs]):
            pairs.append((terms, block))
            terms, end = [], i + 1
        elif _is_term(block) and _at(block, [*(term for held, _ in pairs for term in held), *terms]):
            terms = [*terms, block]
        else:
            break
    return pairs, end


def _is_term(block: Block) -> bool:
    short = 0 < len(block.text.split()) <= TERM_WORDS and "\n" not in block.text
    return block.kind in ("text", "heading") and not block.furniture and short and block.text[-1] not in ".,;!?"


def _explains(block: Block, term: Block) -> bool:
    indent = block.bbox.x0 - term.bbox.x0
    return (
        block.kind == "text"
        and INDENT[0] <= indent <= INDENT[1]
        and len(block.text.split()) <= MEANING_WORDS
        and term.font_size <= block.font_size + SAME_SIZE
    )


def _at(block: Block, others: Sequence[Block]) -> bool:
    return all(abs(block.bbox.x0 - other.bbox.x0) <= EDGE for other in others)
