"""Fusion on literals."""

from __future__ import annotations

import pytest

from ingestion.elements import BBox
from rag.retrieval.fusion import in_page_order, reciprocal_rank, with_share, without_repeats


def test_what_two_lists_agree_on_comes_first() -> None:
    fused = reciprocal_rank({"text": ["a", "b", "c"], "image": ["d", "b"]})
    assert next(iter(fused)) == "b"
    assert list(reciprocal_rank({"text": ["a", "b"], "image": ["d"]}, {"image": 2.0})) == ["d", "a", "b"]


def test_a_key_counts_once_a_list() -> None:
    assert reciprocal_rank({"text": ["a", "a", "b"]})["b"] == pytest.approx(1 / 12)


def test_pictures_get_their_share_from_further_down() -> None:
    items = ["t1", "t2", "f1", "t3", "f2", "t4", "f3"]
    assert with_share(items, 4, lambda item: item[0] == "f", 2) == ["t1", "t2", "f1", "f2"]
    assert with_share(items, 3, lambda item: item[0] == "f", 1) == ["t1", "t2", "f1"]
    assert with_share(["t1", "t2"], 2, lambda item: item[0] == "f", 1) == ["t1", "t2"]
    assert with_share(["t1", "f1", "f2"], 1, lambda item: item[0] == "f", 3) == ["f1"]


def test_boxes_that_show_the_same_thing_are_one() -> None:
    box, shifted, other = BBox(0, 0, 100, 100), BBox(2, 2, 100, 100), BBox(0, 60, 100, 160)
    items = [("p1", box), ("p1", shifted), ("p2", shifted), ("p1", other)]
    assert without_repeats(items, lambda item: item) == [items[0], items[2], items[3]]


def test_pages_appear_in_their_order_and_parts_keep_theirs() -> None:
    parts = ["b1", "b2", "a1", "c1", "a2"]
    assert in_page_order(parts, lambda part: part[0], ["a", "b", "c"]) == ["a1", "b1", "b2", "c1", "a2"]
    assert in_page_order(parts, lambda part: part[0], ["c"]) == ["c1", "b1", "b2", "a1", "a2"]
    assert sorted(in_page_order(parts, lambda part: part[0], [])) == sorted(parts)
