"""Measures and intervals on literals."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingestion.elements import BBox
from rag.evaluation.metrics import MIN_DOCUMENTS, HitLocation, estimates, latency, measure
from rag.evaluation.questionset import Question

BOX = BBox(0, 0, 100, 100)
FAR = BBox(300, 300, 400, 400)


def question(pages: Sequence[int], boxes: Sequence[tuple[int, BBox]] = ()) -> Question:
    return Question(0, "?", None, "a.pdf", frozenset(pages), (), tuple(boxes))


def places(*pages: int, doc: str = "a.pdf") -> list[HitLocation]:
    return [HitLocation(doc, page, BOX) for page in pages]


def test_recall_counts_pages_once_and_in_the_right_document() -> None:
    found = measure(question([7]), places(3, 3, 3, 5, 7))
    assert (found["R@1"], found["R@3"], found["MRR@10"]) == pytest.approx((0.0, 1.0, 1 / 3))
    assert measure(question([7]), places(7, doc="b.pdf"))["R@10"] == 0.0


def test_several_evidence_pages() -> None:
    found = measure(question([1, 2, 3, 4]), places(1, 9, 2))
    assert found["cover@10"] == found["many@10"] == 0.5
    assert found["nDCG@10"] == pytest.approx((1 + 0.5) / (1 + 0.6309 + 0.5 + 0.4307), abs=1e-3)


def test_coverage_looks_at_the_first_pages_and_has_a_measure_for_questions_with_several() -> None:
    found = measure(question([1, 7]), places(1, 2, 3, 4, 5, 6, 7))
    assert (found["cover@5"], found["cover@10"], found["many@5"], found["many@10"]) == (0.5, 1.0, 0.5, 1.0)
    assert "many@5" not in measure(question([1]), places(1))


def test_precision_is_over_the_pages_asked_for_not_over_those_returned() -> None:
    found = measure(question([1, 2]), places(1, 1, 3, 2))
    assert (found["P@1"], found["P@5"], found["P@10"]) == (1.0, 0.4, 0.2)


def test_nothing_returned_is_counted() -> None:
    assert measure(question([1]), [])["empty"] == 1.0
    assert measure(question([1]), places(9))["empty"] == 0.0


def test_only_the_first_ten_pages_count() -> None:
    assert measure(question([11]), places(*range(1, 12)))["MRR@10"] == 0.0


def test_regions_count_by_overlap_among_the_first_hits() -> None:
    asked = question([2], boxes=[(2, BOX)])
    hits = [HitLocation("a.pdf", 2, FAR), HitLocation("a.pdf", 1, BOX), HitLocation("a.pdf", 2, BBox(0, 0, 100, 60))]
    found = measure(asked, hits)
    assert (found["region@1"], found["region@5"]) == (0.0, 1.0)
    assert measure(asked, [HitLocation("a.pdf", 2, BBox(0, 0, 100, 40))])["region@5"] == 0.0
    assert "region@5" not in measure(question([2]), hits)


def test_a_mean_is_over_the_rows_that_have_the_measure() -> None:
    found = estimates([{"a": 1.0, "b": 0.5}, {"a": 0.0}], ["x", "y"])
    assert (found["a"].mean, found["a"].questions) == (0.5, 2)
    assert (found["b"].mean, found["b"].questions) == (0.5, 1)


def test_intervals_come_from_documents_because_their_questions_hang_together() -> None:
    """Forty questions: of ten documents, each all right or all wrong, or of forty that have one each."""
    rows = [{"a": float(i < 20)} for i in range(40)]
    together = estimates(rows, [str(i // 4) for i in range(40)])["a"]
    apart = estimates(rows, [str(i) for i in range(40)])["a"]
    assert together.low is not None and together.high is not None and apart.low is not None and apart.high is not None
    assert together.mean == apart.mean == 0.5
    assert together.high - together.low > 1.5 * (apart.high - apart.low)
    # the standard error of the mean of 40 tosses of a coin is .079
    assert apart.low == pytest.approx(0.5 - 1.96 * 0.079, abs=0.03)


def test_an_interval_is_the_same_every_time_and_none_for_a_few_documents() -> None:
    rows = [{"a": float(i % 3 == 0), "b": 1.0} if i else {"a": 1.0} for i in range(12)]
    documents = [str(i % MIN_DOCUMENTS) for i in range(12)]
    assert estimates(rows, documents) == estimates(rows, documents)
    assert estimates(rows, documents)["a"].low is not None
    assert estimates(rows, [str(i % (MIN_DOCUMENTS - 1)) for i in range(12)])["a"].low is None
    assert estimates([], []) == {}


def test_a_measure_that_few_documents_have_gets_no_interval() -> None:
    rows = [{"a": 1.0, "b": 0.0} if i < 2 else {"a": float(i % 2)} for i in range(10)]
    found = estimates(rows, [str(i) for i in range(10)])
    assert found["a"].low is not None
    assert (found["b"].mean, found["b"].low, found["b"].high) == (0.0, None, None)


def test_latency_at_the_median_and_the_95th_percentile() -> None:
    assert latency([i / 100 for i in range(100, 0, -1)]) == (0.51, 0.96)
    assert latency([2.0]) == (2.0, 2.0)
