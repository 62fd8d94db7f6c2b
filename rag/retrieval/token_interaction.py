"""The first pages put in order by their tokens: which page says each word of the question, in its context.

Late interaction (Khattab and Zaharia 2020, "ColBERT") with the sentence encoder that is there anyway: each token of the
question takes the most like token of a page, by the cosine of their states, and counts as it is rare among the
passages of these pages. The sum, in standard scores, is added to the pages' log probabilities. docs/log has what it
brings by set, and what was tried: the best single passage, all tokens alike, fewer pages.

The pages change places and nothing else: the first is as far before the second as it was, so that whatever reads
these distances, as how sure an answer is, reads what it was made for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from rag.encoders.base import ReadsTokens
from rag.encoders.parts import Span, TokenStates, readers_in
from rag.retrieval.ranker import share_said
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.term_vectors import document_of
from rag.types import Float64Array

FIRST = 8
"""Pages that are put in order: the right one is among them for .85 to .95 of the questions."""
MEANT, SAID = 1.25, 0.5
"""Weights of a standard score beside a log probability, for questions in other words than the documents' and in theirs
(:func:`rag.retrieval.ranker.share_said`): where the words agree, the ranker is right more often."""


PageTokens = list[list[TokenStates]]
"""The tokens of each page's passages, read by one encoder; a page without words has none."""


def reordered(
    snap: Snapshot, keys: Sequence[int], scores: Float64Array, language: str, coverage: float
) -> Float64Array:
    """(pages,) log probabilities of all candidate pages, with the first :data:`FIRST` in the order of their tokens.

    ``language`` is the question's, ``coverage`` the share of it that stands on one page. The order stays where no
    encoder of the question's language has read all passages of these pages, or the index has no tokens. Of several
    that have, the one that was made for fewer languages is asked.
    """
    rows = np.argsort(-scores, kind="stable")[:FIRST]
    encoder = snap.encoder
    if len(rows) < 2 or not isinstance(encoder, ReadsTokens) or not snap.index.has_tokens:
        return scores
    readers = [span for span in readers_in(encoder.token_spans, language) if span.reads(language)]
    read = _read(snap, encoder, readers, [keys[row] for row in rows])
    if read is None:
        return scores
    question, pages = read
    standard = standard_scores(similarities(question, pages))
    said = share_said(coverage)
    weight = said * SAID + (1.0 - said) * MEANT
    better = np.argsort(-(scores[rows] + weight * standard), kind="stable")
    changed = scores.copy()
    changed[rows[better]] = scores[rows]
    return changed


def _read(
    snap: Snapshot, encoder: ReadsTokens, readers: Sequence[Span], keys: Sequence[int]
) -> tuple[TokenStates, PageTokens] | None:
    """The question's tokens and the pages', by the first of ``readers`` that has read all of them."""
    vectors, passages = snap.index.vectors, _passages(snap, keys)
    for reader in readers:
        if passages and all(vectors.tokens_read_by(reader.name, doc, chunks) for doc, chunks in passages.items()):
            pages = tokens_of_pages(snap, keys, reader.name)
            return None if pages is None else (encoder.question_tokens(snap.query.text.strip(), reader), pages)
    return None


def tokens_of_pages(snap: Snapshot, keys: Sequence[int], reader: str) -> PageTokens | None:
    """None where a document has none, or where the encoder has not read all passages."""
    passages, known = _passages(snap, keys), dict[str, list[TokenStates]]()
    if passages is None:
        return None
    for doc, chunks in passages.items():
        found = snap.index.vectors.tokens(doc, chunks, reader)
        if found is None:
            return None
        known.update(found)
    units = snap.text.units(keys)
    return [[passage for unit in units[key] for passage in known.get(unit.chunk, ())] for key in keys]


def _passages(snap: Snapshot, keys: Sequence[int]) -> dict[str, list[str]] | None:
    """The chunks of these pages, by document; None where one has gone."""
    units, documents = snap.text.units(keys), snap.documents(map(document_of, keys))
    found: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        row = documents.get(document_of(key))
        if row is None:
            return None
        found[row.doc] += [unit.chunk for unit in units[key] if unit.kind != "page"]
    return found


def similarities(question: TokenStates, pages: Sequence[Sequence[TokenStates]]) -> Float64Array:
    """(pages,) how like the question each page is, between -1 and 1; not a number for a page without tokens."""
    found = np.full(len(pages), np.nan)
    if len(question.numbers):
        weights = _rarity(question, [passage for page in pages for passage in page])
        for row, page in enumerate(pages):
            best = [(passage.states @ question.states.T).max(axis=0) for passage in page]
            if best:
                found[row] = np.max(best, axis=0) @ weights
    return found


def standard_scores(found: Float64Array) -> Float64Array:
    """(n,) distances from the mean in standard deviations; 0 for what is not a number, and where all are alike."""
    known = found[np.isfinite(found)]
    spread = float(known.std()) if len(known) else 0.0
    if not spread:
        return np.zeros(len(found))
    scores: Float64Array = np.nan_to_num((found - known.mean()) / spread)
    return scores


def _rarity(question: TokenStates, passages: Sequence[TokenStates]) -> Float64Array:
    """(tokens,) weights that sum to 1: inverse document frequency among these passages, as BM25 has it."""
    same = np.concatenate([passage.numbers for passage in passages])[:, None] == question.numbers
    starts = np.cumsum([0, *(len(passage.numbers) for passage in passages[:-1])])
    known = np.logical_or.reduceat(same, starts, axis=0).sum(axis=0)
    weights: Float64Array = np.log1p((len(passages) - known + 0.5) / (known + 0.5))
    share: Float64Array = weights / weights.sum()
    return share
