"""Matching, features and the ranker on words that a real full-text index holds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ingestion.elements import BBox, Chunk, Region
from rag.retrieval.chunk_features import CHUNK_FEATURES, ChunkSignals, chunk_features
from rag.retrieval.fusion import RANK_CONSTANT, reciprocal_rank
from rag.retrieval.page_features import BEST_PAGES, PAGE_FEATURES, Signals, _of_documents, page_features
from rag.retrieval.query import ParsedQuestion, parse_question
from rag.retrieval.ranker import HALF_SAID, SEAT, WEIGHTS, load_weights, log_probabilities, share_said, with_seat
from rag.retrieval.term_matching import (
    Statistics,
    around,
    beyond_chance,
    bm25,
    by_rank,
    closeness,
    count_runs,
    field_counts,
    find,
    local_weights,
    unit_counts,
)
from rag.storage.full_text import index as fulltext
from rag.storage.full_text import term_vectors
from rag.storage.full_text.index import FullText, Where
from rag.storage.full_text.term_vectors import CAPTION, PAGE, TEXT, PageWords
from rag.storage.tables import schema
from rag.text.analysis import terms

BOX = BBox(0, 0, 100, 20)
PAGES = [
    "Contents\npump 2\nfilter 3",
    "Drain pump\nThe drain pump sits behind the flap. Replace the pump with care. 17",
    "Filter\nRinse the filter. A pump is not needed.",
]
FIGURE = Chunk("f", "d", "figure", "rotor", (Region(3, BOX),), caption="Figure 2: Filter, exploded view")


@pytest.fixture
def pages() -> PageWords:
    db = sqlite3.connect(":memory:")
    schema.create(db)
    chunks = [Chunk(f"p{n}", "d", "page", text, (Region(n, BOX),)) for n, text in enumerate(PAGES, 1)]
    chunks += [Chunk(f"t{n}", "d", "text", text, (Region(n, BOX),)) for n, text in enumerate(PAGES, 1)]
    fulltext.insert(db, "d", "manual.pdf", "Manual", [*chunks, FIGURE])
    text = FullText(lambda: db)
    return text.load(text.page_keys(10, Where()))


def statistics(question: ParsedQuestion, pages: int = 100) -> Statistics:
    return Statistics(pages, 12.0, dict.fromkeys(question.terms, 5), dict.fromkeys(question.phrases, 1))


Changes = Sequence[float] | Sequence[Sequence[float]]


def signals(pages: PageWords, **changes: Changes) -> Signals:
    count = len(pages.keys)
    ones, zeros = np.ones(count), np.zeros(count)
    values = dict.fromkeys(("picture", "title", "document_coverage", "labelled", "wide"), zeros)
    values |= {"document": ones, "dense": zeros[None], "whole": zeros}
    counts = {
        name: np.array(changes.pop(name, [first] * count)) for name, first in (("text_rank", 0), ("document_no", 1))
    }
    values |= {name: np.array(value) for name, value in changes.items()}
    numbers = np.arange(1, count + 1)
    return Signals(
        page=numbers, last=np.full(count, count), text_rank=counts["text_rank"], document_no=counts["document_no"],
        figures=pages.figures.astype(float), tables=pages.tables.astype(float), **values,
    )  # fmt: skip


def features(pages: PageWords, question: str, **changes: Changes) -> dict[str, list[float]]:
    asked = parse_question(question)
    values = page_features(pages, asked, statistics(asked), signals(pages, **changes)).values
    return {name: values[:, column].tolist() for column, name in enumerate(PAGE_FEATURES)}


def test_terms_are_found_where_they_stand() -> None:
    words = term_vectors.term_numbers(["b", "a", "c", "a"])
    positions, which = find(words, term_vectors.term_numbers(["c", "a"]))
    assert positions.tolist() == [1, 2, 3]
    assert which.tolist() == [1, 0, 1]
    assert find(words, term_vectors.term_numbers([]))[0].tolist() == []


def test_terms_and_phrases_are_counted_by_page_field_and_chunk(pages: PageWords) -> None:
    runs = count_runs(pages, terms("drain pump filter"), [("drain", "pump")])
    assert field_counts(runs, 3, (PAGE,))[0].tolist() == [[0, 1, 1, 0], [2, 3, 0, 2], [0, 1, 2, 0]]
    assert field_counts(runs, 3, (CAPTION,))[0].tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]]
    units = unit_counts(runs, {TEXT: 1.0, CAPTION: 2.0})
    assert units.page.tolist() == [0, 1, 2, 2]
    assert units.counts[3].tolist() == [0, 0, 2, 0]


def test_a_phrase_does_not_run_over_the_end_of_a_field(pages: PageWords) -> None:
    runs = count_runs(pages, ["rotor", "figur"], [("rotor", "figur")])
    assert runs.counts.sum(axis=0).tolist() == [1, 1, 0]


def test_bm25_prefers_rare_words_and_short_texts() -> None:
    weights = np.array([3.0, 1.0])
    counts = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    scores = bm25(counts, np.array([10.0, 10.0, 40.0]), 20.0, weights)
    assert scores[0] > scores[2] > scores[1]


def test_a_long_document_has_a_word_by_chance() -> None:
    found, size = np.array([[1.0, 1.0], [5.0, 0.0], [0.0, 0.0]]), np.array([1.0, 50.0, 49.0])
    short, long, without = beyond_chance(found, size, found.sum(axis=0), 100, np.array([1.0, 2.0])).tolist()
    assert short == pytest.approx((1 - 5 / 99) + 2)
    assert short > 2.0 * long
    assert without == 0.0


def test_an_only_document_is_judged_by_what_it_has() -> None:
    found = np.array([[3.0, 0.0]])
    assert beyond_chance(found, np.array([9.0]), found[0], 9, np.array([1.0, 2.0])).tolist() == [1.0]


def test_closeness_counts_each_term_once_within_a_window(pages: PageWords) -> None:
    runs = count_runs(pages, ["rins", "pump"])
    assert closeness(3, runs, np.array([2.0, 1.0])).tolist() == [1.0, 1.0, 3.0]


def test_neighbours_are_pages_of_the_same_document() -> None:
    values, page = np.array([1.0, 0.0, 4.0]), np.array([1, 2, 3])
    assert around(values, page, np.array([1, 1, 2])).tolist() == [0.0, 0.5, 0.0]


def test_page_features_lie_between_0_and_1(pages: PageWords) -> None:
    for question in (
        "Where is the drain pump?",
        "?",
        "figure 2 on page 2",
        'the "drain pump" in the table',
        "working capital",
    ):
        for name, values in features(pages, question, dense=[[0.1, 0.4, 0.2]]).items():
            assert all(0 <= value <= 1 for value in values), name


def test_the_page_with_the_words_has_the_highest_features(pages: PageWords) -> None:
    found = features(pages, "Where is the drain pump?")
    for name in ("page", "chunk", "top", "coverage", "closeness"):
        assert max(range(3), key=found[name].__getitem__) == 1, name


def test_pages_asked_for_by_number_and_from_the_end(pages: PageWords) -> None:
    assert features(pages, "What is on page 3?")["asked"] == [0, 0, 1]
    assert features(pages, "What is on the second to last page?")["asked"] == [0, 1, 0]


def test_contents_pages_and_slides_count_where_they_are_asked_for(pages: PageWords) -> None:
    assert features(pages, "How many chapters are listed?")["contents_wanted"] == [1, 0, 0]
    assert features(pages, "How many pumps are listed?")["contents_wanted"] == [0, 0, 0]
    wide = [0.0, 1.0, 1.0]
    assert features(pages, "What does the presentation say?", wide=wide)["slides_wanted"] == wide
    assert features(pages, "What does the manual say?", wide=wide)["slides_wanted"] == [0, 0, 0]


def test_numbered_things_and_kinds(pages: PageWords) -> None:
    found = features(pages, "What does figure 2 show?")
    assert found["reference_caption"] == [0, 0, 1]
    assert found["figures_wanted"][2] > 0
    assert features(pages, "Where is the pump?")["figures_wanted"] == [0, 0, 0]


def chunk_rows(pages: PageWords, question: str, **changes: list[float]) -> dict[str, list[float]]:
    asked = parse_question(question)
    known = ChunkSignals(
        row=np.array([2, 2, 2]), unit=np.array([0, 1, 2]), kind=["page", "text", "figure"], page=np.zeros(3),
        dense=np.zeros((1, 3)), picture=np.array(changes.get("picture", [0.0, 0.0, 0.0])),
        area=np.array([1.0, 0.2, 0.5]),
        box=[BBox(0, 0, 100, 100), BBox(10, 10, 40, 30), BBox(5, 5, 90, 60)],
    )  # fmt: skip
    values = chunk_features(pages, asked, statistics(asked), known).values
    return {name: values[:, column].tolist() for column, name in enumerate(CHUNK_FEATURES)}


def test_chunk_features_tell_chunks_of_a_page_apart(pages: PageWords) -> None:
    found = chunk_rows(pages, "Which figure shows the exploded view?", picture=[0.0, 0.0, 0.3])
    assert max(range(3), key=found["chunk"].__getitem__) == 2
    assert found["figure_for_figure"] == [0, 0, 1]
    assert found["caption"] == [0, 0, 1]
    assert found["picture"] == [0, 0, 1]
    assert found["whole"] == [1, 0, 0]
    assert chunk_rows(pages, "What is in figure 2?")["reference"] == [0, 0, 1]


def test_a_chunk_knows_what_lies_in_it_and_what_it_is_a_part_of(pages: PageWords) -> None:
    found = chunk_rows(pages, "What is in figure 2?")
    assert found["alone"] == [0, 0, 1]
    assert found["part"] == [0, 1, 0]
    assert found["parts"] == [0, 0, 0]


def test_log_probabilities_sum_to_one_and_follow_the_weights() -> None:
    scores = log_probabilities(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), np.array([2.0, 1.0]))
    assert np.exp(scores).sum() == pytest.approx(1)
    assert scores[0] > scores[1] > scores[2]
    assert log_probabilities(np.zeros((0, 2)), np.ones(2)).tolist() == []


def test_the_weights_file_names_known_features_and_what_it_was_fitted_on(tmp_path: Path) -> None:
    raw = json.loads(WEIGHTS.read_text())
    for name in ("said", "meant", "picture"):
        assert set(raw["weights"][name]) <= set(PAGE_FEATURES)
    for name in ("chunks", "picture_chunks"):
        assert set(raw["weights"][name]) <= set(CHUNK_FEATURES)
    assert raw["fitted_on"]
    raw["weights"]["said"] = {"page": 2.5, "no such feature": 1.0}
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(raw))
    assert load_weights(path).said.tolist() == [2.5 if name == "page" else 0.0 for name in PAGE_FEATURES]


def test_no_evidence_speaks_against_a_page_and_no_size_or_place_counts() -> None:
    weights = json.loads(WEIGHTS.read_text())["weights"]
    for name in ("said", "meant"):
        assert min(weights[name].values()) >= 0
        assert not {"length", "first"} & set(weights[name])


def test_a_question_in_other_words_is_ranked_by_how_the_channels_agree() -> None:
    weights = load_weights()
    assert share_said(0.0) < 0.01 < 0.99 < share_said(1.0)
    assert weights.pages(HALF_SAID).tolist() == pytest.approx(((weights.said + weights.meant) / 2).tolist())
    assert weights.pages(0.0).tolist() == pytest.approx(weights.meant.tolist(), abs=0.1)


def test_ranks_are_added_as_reciprocal_rank_fusion_adds_them(pages: PageWords) -> None:
    found = features(pages, "pump", dense=[[0.3, 0.2, 0.1], [0.1, 0.0, 0.4]], text_rank=[2, 0, 1])
    lists = {"text": [2, 0], "first encoder": [0, 1, 2], "second encoder": [2, 0]}
    fused = reciprocal_rank(lists)
    most = 3 / (RANK_CONSTANT + 1)
    assert found["fused"] == pytest.approx([fused.get(page, 0) / most for page in range(3)])
    assert found["text_fused"] == pytest.approx([11 / 12, 0, 1])
    assert found["document_dense"] == [0, 0, 0]  # one document


def test_a_document_is_judged_by_its_best_pages(pages: PageWords) -> None:
    found = features(pages, "pump", dense=[[0.3, 0.2, 0.1]], document_no=[1, 1, 2])
    assert found["document_dense"][0] == found["document_dense"][1] == 1.0 > found["document_dense"][2]


def test_values_by_rank() -> None:
    assert by_rank(np.array([0.2, 0.9, 0.0])).tolist() == [0.5, 1.0, 0.0]


def test_weights_among_the_rows_themselves() -> None:
    weights = local_weights(np.array([[1.0, 0.0], [2.0, 0.0], [1.0, 1.0]]))
    assert weights[1] > weights[0] > 0


def order_of(scores: Sequence[float], agreement: Sequence[float]) -> list[int]:
    seated = with_seat(np.array(scores, dtype=np.float64), np.array(agreement, dtype=np.float64))
    return [int(row) for row in np.argsort(-seated, kind="stable")]


def test_the_page_on_which_the_channels_agree_has_a_seat_among_the_first() -> None:
    scores = [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0]
    assert order_of(scores, [0, 0, 0, 0, 0.2, 0.1, 0.9]) == [0, 1, 2, 3, 6, 4, 5]
    assert order_of(scores, [0, 0, 0, 0, 0.9, 0.1, 0.9]) == [0, 1, 2, 3, 4, 5, 6]  # the fifth is as good
    assert order_of(scores, [0.9, 0, 0, 0, 0.5, 0.1, 0.2]) == [0, 1, 2, 3, 4, 5, 6]  # it has a better one
    assert order_of(scores, [0] * 7) == [0, 1, 2, 3, 4, 5, 6]
    assert order_of(scores[:SEAT], [0, 0, 0, 0, 0.9]) == [0, 1, 2, 3, 4]


def test_a_seat_moves_nothing_else() -> None:
    random = np.random.default_rng(3)
    for _ in range(50):
        scores, agreement = random.normal(size=20), random.random(20)
        before = [int(row) for row in np.argsort(-scores, kind="stable")]
        after = order_of(scores.tolist(), agreement.tolist())
        assert after[: SEAT - 1] == before[: SEAT - 1]
        assert [row for row in after if row != after[SEAT - 1]] == [row for row in before if row != after[SEAT - 1]]
        assert agreement[after[SEAT - 1]] == max(agreement[row] for row in after[SEAT - 1 :])


@pytest.mark.parametrize("seed", range(5))
def test_the_mean_of_the_best_pages_is_that_of_numpy(seed: int) -> None:
    chance = np.random.default_rng(seed)
    owner = np.sort(chance.integers(1, 9, 30))
    values = chance.random(30) * (chance.random(30) > 0.3)
    means = {no: np.sort(values[owner == no])[-BEST_PAGES:].mean() for no in set(owner.tolist())}
    wanted = np.array([means[no] for no in owner.tolist()]) / max(means.values())
    assert np.array_equal(_of_documents(values, owner), wanted)
    assert not _of_documents(values, np.ones(30, dtype=np.int64)).any()
