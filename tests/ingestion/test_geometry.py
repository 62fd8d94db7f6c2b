"""Box maths on literals."""

import pytest

from ingestion import geometry as g
from ingestion.elements import BBox

A = BBox(0, 0, 10, 10)
B = BBox(5, 5, 15, 15)


def test_intersection_and_iou() -> None:
    assert g.intersection(A, B) == BBox(5, 5, 10, 10)
    assert g.iou(A, B) == pytest.approx(25 / 175)
    assert g.iou(A, BBox(20, 20, 30, 30)) == 0.0


def test_intersection_of_separate_boxes_is_empty_not_negative() -> None:
    assert g.area(g.intersection(A, BBox(20, 0, 30, 10))) == 0.0


def test_inside_is_the_share_of_the_inner_box() -> None:
    assert g.inside(B, A) == pytest.approx(0.25)
    assert g.inside(BBox(1, 1, 2, 2), A) == 1.0
    assert g.inside(BBox(1, 1, 1, 1), A) == 0.0


def test_union_of_none_is_an_error() -> None:
    assert g.union([A, B]) == BBox(0, 0, 15, 15)
    with pytest.raises(ValueError, match="no boxes"):
        g.union([])


def test_overlaps_are_relative_to_the_smaller_side() -> None:
    assert g.horizontal_overlap(BBox(0, 0, 100, 5), BBox(90, 50, 110, 55)) == pytest.approx(0.5)
    assert g.vertical_overlap(A, BBox(50, 8, 60, 12)) == pytest.approx(0.5)


def test_what_belongs_to_a_box_is_asked_with_three_named_shares() -> None:
    half, most, all_but_a_stroke = BBox(0, 5, 10, 15), BBox(0, 1.5, 10, 11.5), BBox(0, 0.5, 10, 10.5)
    assert not g.mostly_inside(half, A) and g.mostly_inside(BBox(0, 4, 10, 14), A)
    assert g.covered(most, A) and not g.wholly_inside(most, A)
    assert g.wholly_inside(all_but_a_stroke, A)


def test_columns_and_rows_share_more_than_half_of_the_shorter_side() -> None:
    assert g.in_one_column(A, BBox(4, 50, 14, 60)) and not g.in_one_column(A, BBox(5, 50, 15, 60))
    assert g.in_one_row(A, BBox(50, 4, 60, 14)) and not g.in_one_row(A, BBox(50, 5, 60, 15))


def test_gap_is_the_larger_separation_and_zero_when_touching() -> None:
    assert g.gap(A, BBox(13, 20, 15, 30)) == 10
    assert g.gap(A, BBox(10, 0, 20, 10)) == 0


def test_pixels_and_points_are_inverse_and_never_empty() -> None:
    left, top, right, bottom = g.to_pixels(BBox(10, 20, 30, 40), 2, 2)
    assert (left, top, right, bottom) == (20, 40, 60, 80)
    assert g.from_pixels(BBox(left, top, right, bottom), 2, 2) == BBox(10, 20, 30, 40)
    left, top, right, bottom = g.to_pixels(BBox(5, 5, 5, 5), 2, 2)
    assert right > left and bottom > top


def test_pad_stays_on_the_page() -> None:
    assert g.pad(BBox(2, 2, 98, 50), 4, 100, 100) == BBox(0, 0, 100, 54)
