"""Figure clean-up on literals and on drawn pictures."""

from ingestion.elements import BBox
from ingestion.figures.detection import (
    coverage,
    is_plausible_figure,
    merge_fragments,
    split_above_captions,
    split_at_captions,
)


def test_bullets_rules_and_icons_are_not_figures() -> None:
    assert is_plausible_figure(BBox(0, 0, 120, 80))
    assert not is_plausible_figure(BBox(0, 0, 20, 20))
    assert not is_plausible_figure(BBox(0, 0, 500, 33))
    assert not is_plausible_figure(BBox(0, 0, 40, 40))


def test_strips_of_one_picture_are_merged() -> None:
    strips = [BBox(50, 100 + 40 * i, 350, 140 + 40 * i) for i in range(5)]
    assert merge_fragments(strips, strips, []) == [BBox(50, 100, 350, 300)]


def test_fragments_of_a_drawing_are_merged_but_not_across_a_heading() -> None:
    left, right = BBox(50, 100, 200, 200), BBox(215, 110, 400, 200)
    assert merge_fragments([left, right], [], []) == [BBox(50, 100, 400, 200)]
    above, below = BBox(50, 100, 300, 200), BBox(50, 225, 300, 330)
    heading = BBox(50, 205, 300, 220)
    assert merge_fragments([above, below], [], [heading]) == [above, below]


def test_two_photographs_stay_two() -> None:
    left, right = BBox(50, 100, 200, 200), BBox(210, 100, 360, 200)
    assert merge_fragments([left, right], [left, right], []) == [left, right]


def test_a_region_over_two_charts_is_parted_at_the_caption_between() -> None:
    region, caption = BBox(60, 257, 534, 726), BBox(54, 495, 339, 503)
    assert split_at_captions(region, [caption]) == [BBox(60, 257, 534, 494), BBox(60, 504, 534, 726)]
    below = BBox(54, 736, 293, 744)
    assert split_at_captions(region, [below]) == [region]
    assert split_at_captions(region, [BBox(54, 270, 339, 280)]) == [region]


def test_a_region_above_captions_in_one_row_is_a_figure_for_each() -> None:
    region, captions = BBox(60, 100, 540, 200), [BBox(70, 206, 220, 214), BBox(330, 206, 500, 214)]
    drawn = [BBox(80, 110, 200, 190), BBox(300, 120, 520, 190)]
    assert split_above_captions(region, captions, drawn) == [BBox(60, 100, 250, 200), BBox(250, 100, 540, 200)]
    assert split_above_captions(region, captions, [*drawn, BBox(190, 150, 310, 151)]) == [region], "a line joins them"
    assert split_above_captions(region, captions[:1], drawn) == [region]
    assert split_above_captions(region, [c._replace(y0=300, y1=308) for c in captions], drawn) == [region]


def test_pictures_that_lie_on_another_do_not_cover_more() -> None:
    frame = BBox(0, 0, 100, 100)
    assert coverage([], frame) == 0
    assert coverage([BBox(0, 0, 50, 100), BBox(10, 10, 20, 20)], frame) == 0.5
    assert coverage([BBox(90, 0, 100, 100), BBox(0, 0, 50, 100)], frame) == 0.6
    assert coverage([frame], frame) == 1
