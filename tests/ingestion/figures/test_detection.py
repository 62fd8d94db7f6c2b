"""Figure clean-up on literals and on drawn pictures."""

import numpy as np
from PIL import Image, ImageDraw

from ingestion.elements import BBox
from ingestion.figures.crops import crop, difference_hash, is_blank
from ingestion.figures.detection import coverage, is_plausible_figure, merge_fragments, split_at_captions
from ingestion.figures.texture import Texture


def textured(width: int, height: int, seed: int = 1) -> Image.Image:
    """Smooth coloured noise: what a photograph looks like to the detector."""
    noise = np.random.default_rng(seed).integers(0, 256, (height // 4, width // 4, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)


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


def test_blank_and_drawn_pictures() -> None:
    blank = Image.new("RGB", (200, 200), "white")
    drawn = blank.copy()
    ImageDraw.Draw(drawn).ellipse([40, 40, 160, 160], outline="black", width=6)
    assert is_blank(blank)
    assert not is_blank(drawn)


def test_difference_hash_is_the_same_at_another_size_and_differs_for_another_picture() -> None:
    picture = textured(320, 240)
    assert bin(difference_hash(picture) ^ difference_hash(picture.resize((160, 120)))).count("1") <= 4
    assert bin(difference_hash(picture) ^ difference_hash(textured(320, 240, seed=2))).count("1") > 12


def test_crops_have_a_margin() -> None:
    render = Image.new("RGB", (1200, 1600), "white")
    assert crop(render, BBox(100, 100, 200, 150), 600, 800).size == (216, 116)


def test_a_photograph_that_layout_missed_is_found_beside_words() -> None:
    render = Image.new("RGB", (600, 800), "white")
    render.paste(textured(300, 200), (150, 400))
    texture = Texture(render, 600, 800)
    found = texture.residual_photos([], [])
    assert len(found) == 1
    box = found[0]
    assert abs(box.x0 - 150) < 12 and abs(box.y0 - 400) < 12 and abs(box.x1 - 450) < 12 and abs(box.y1 - 600) < 12
    assert texture.residual_photos([BBox(140, 390, 460, 610)], []) == []


def test_a_photograph_is_told_from_a_coloured_background() -> None:
    page = Image.linear_gradient("L").resize((600, 800)).convert("RGB")
    page.paste(textured(300, 200), (150, 400))
    texture = Texture(page, 600, 800)
    assert texture.is_photo(BBox(150, 400, 450, 600), [])
    assert not texture.is_photo(BBox(0, 0, 600, 390), [])


def test_a_region_over_two_charts_is_parted_at_the_caption_between() -> None:
    region, caption = BBox(60, 257, 534, 726), BBox(54, 495, 339, 503)
    assert split_at_captions(region, [caption]) == [BBox(60, 257, 534, 494), BBox(60, 504, 534, 726)]
    below = BBox(54, 736, 293, 744)
    assert split_at_captions(region, [below]) == [region]
    assert split_at_captions(region, [BBox(54, 270, 339, 280)]) == [region]


def test_pictures_that_lie_on_another_do_not_cover_more() -> None:
    frame = BBox(0, 0, 100, 100)
    assert coverage([], frame) == 0
    assert coverage([BBox(0, 0, 50, 100), BBox(10, 10, 20, 20)], frame) == 0.5
    assert coverage([BBox(90, 0, 100, 100), BBox(0, 0, 50, 100)], frame) == 0.6
    assert coverage([frame], frame) == 1


def test_each_call_hides_its_own_words() -> None:
    texture = Texture(textured(200, 200), 200, 200)
    box = BBox(0, 0, 200, 200)
    assert texture.is_photo(box, []) and not texture.is_photo(box, [box]) and texture.is_photo(box, [])
