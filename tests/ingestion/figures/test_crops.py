"""Crops of a page, blank ones told apart, hashes of pictures."""

from PIL import Image, ImageDraw
from texture_drawing import textured

from ingestion.elements import BBox
from ingestion.figures.crops import PAGE_INK, crop, difference_hash, is_blank


def test_blank_and_drawn_pictures() -> None:
    blank = Image.new("RGB", (200, 200), "white")
    drawn = blank.copy()
    ImageDraw.Draw(drawn).ellipse([40, 40, 160, 160], outline="black", width=6)
    assert is_blank(blank)
    assert not is_blank(drawn)


def test_a_page_with_one_word_is_not_blank_and_one_of_two_grounds_is_not_either() -> None:
    page = Image.new("RGB", (1190, 1684), (250, 250, 240))
    assert is_blank(page, PAGE_INK)
    halves = page.copy()
    halves.paste((20, 60, 120), (0, 0, 1190, 842))
    assert not is_blank(halves, PAGE_INK)
    ImageDraw.Draw(page).rectangle([100, 100, 160, 116], fill="black")
    assert not is_blank(page, PAGE_INK)
    assert is_blank(page), "of a figure more is asked"


def test_difference_hash_is_the_same_at_another_size_and_differs_for_another_picture() -> None:
    picture = textured(320, 240)
    assert bin(difference_hash(picture) ^ difference_hash(picture.resize((160, 120)))).count("1") <= 4
    assert bin(difference_hash(picture) ^ difference_hash(textured(320, 240, seed=2))).count("1") > 12


def test_crops_have_a_margin() -> None:
    render = Image.new("RGB", (1200, 1600), "white")
    assert crop(render, BBox(100, 100, 200, 150), 600, 800).size == (216, 116)
