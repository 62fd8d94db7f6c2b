"""Crops of a page, blank ones told apart, hashes of pictures."""

from PIL import Image, ImageDraw
from texture_drawing import textured

from ingestion.elements import BBox
from ingestion.figures.crops import crop, difference_hash, is_blank


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
