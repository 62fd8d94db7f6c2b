"""Regions seen in the pixels of real renders made here."""

import numpy as np
from PIL import Image, ImageDraw

from ingestion.elements import BBox
from ingestion.figures.segmentation import holds_lines_alone, split_at_gutters, visual_regions, with_grid
from ingestion.geometry import iou

WIDTH, HEIGHT = 720, 540


def slide() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    return image, ImageDraw.Draw(image)


def photo(image: Image.Image, box: tuple[int, int, int, int], seed: int = 0) -> BBox:
    noise = np.random.default_rng(seed).integers(0, 255, ((box[3] - box[1]) // 4, (box[2] - box[0]) // 4, 3))
    patch = Image.fromarray(noise.astype(np.uint8)).resize((box[2] - box[0], box[3] - box[1]))
    image.paste(patch, box[:2])
    return BBox(*(float(v) for v in box))


def words(pen: ImageDraw.ImageDraw, x: int, y: int, text: str, size: float = 16) -> BBox:
    pen.text((x, y), text, fill="black", font_size=size)
    return BBox(*(float(v) for v in pen.textbbox((x, y), text, font_size=size)))


def best(found: list[BBox], box: BBox) -> float:
    return max((iou(box, other) for other in found), default=0.0)


def test_a_photo_is_found_and_a_paragraph_is_not() -> None:
    image, pen = slide()
    box = photo(image, (400, 120, 660, 380))
    lines = [words(pen, 40, 140 + 24 * i, "a paragraph on the slide beside the photo") for i in range(6)]
    found = visual_regions(image, WIDTH, HEIGHT, lines, [])
    assert len(found) == 1 and iou(found[0], box) > 0.95


def test_a_screenshot_full_of_text_is_one_region() -> None:
    image, pen = slide()
    pen.rectangle((300, 100, 640, 420), outline="grey", width=2)
    pen.rectangle((300, 100, 640, 130), fill="navy")
    lines = [words(pen, 320, 150 + 30 * i, "a line within the window", 14) for i in range(8)]
    found = visual_regions(image, WIDTH, HEIGHT, lines, [])
    assert len(found) == 1 and iou(found[0], BBox(300, 100, 641, 421)) > 0.95


def test_bars_and_their_labels_are_one_chart() -> None:
    image, pen = slide()
    labels = []
    for i, height in enumerate((60, 120, 90, 160, 200)):
        pen.rectangle((300 + 60 * i, 400 - height, 335 + 60 * i, 400), fill="steelblue")
        labels.append(words(pen, 302 + 60 * i, 408, f"20{11 + i}", 12))
    found = visual_regions(image, WIDTH, HEIGHT, labels, labels)
    assert len(found) == 1
    assert iou(found[0], BBox(300, 200, 576, 422)) > 0.9


def test_pictures_side_by_side_are_parted() -> None:
    image, _ = slide()
    left, right = photo(image, (60, 120, 340, 400), 1), photo(image, (345, 120, 640, 400), 2)
    found = visual_regions(image, WIDTH, HEIGHT, [], [])
    assert len(found) == 2 and best(found, left) > 0.95 and best(found, right) > 0.95


def test_a_frame_around_the_page_hides_nothing() -> None:
    image, pen = slide()
    pen.rectangle((10, 10, WIDTH - 10, HEIGHT - 10), outline="black", width=3)
    box = photo(image, (200, 150, 500, 400))
    found = visual_regions(image, WIDTH, HEIGHT, [], [])
    assert len(found) == 1 and iou(found[0], box) > 0.9


def test_bands_along_the_edges_are_no_pictures() -> None:
    image, pen = slide()
    pen.rectangle((0, HEIGHT - 40, WIDTH, HEIGHT), fill="orange")
    pen.ellipse((300, HEIGHT - 36, 332, HEIGHT - 6), fill="navy")
    assert visual_regions(image, WIDTH, HEIGHT, [], []) == []


def test_an_empty_page_has_none() -> None:
    assert visual_regions(slide()[0], WIDTH, HEIGHT, [], []) == []


def test_a_drawing_of_two_charts_is_parted_and_one_chart_is_not() -> None:
    image, pen = slide()
    for x in (100, 400):
        for i, height in enumerate((60, 120, 90)):
            pen.rectangle((x + 60 * i, 300 - height, x + 50 + 60 * i, 300), fill="teal")
        pen.line((x, 302, x + 180, 302), fill="black", width=2)
    both = BBox(100, 180, 581, 304)
    assert len(split_at_gutters(image, WIDTH, HEIGHT, [both])) == 2
    one = BBox(100, 180, 281, 304)
    assert split_at_gutters(image, WIDTH, HEIGHT, [one]) == [one]


def test_a_title_on_a_coloured_band_is_no_picture() -> None:
    image, pen = slide()
    pen.rectangle((60, 100, 660, 180), fill="lightblue")
    title = words(pen, 90, 120, "What happens to the certificates?", 30)
    assert visual_regions(image, WIDTH, HEIGHT, [title], []) == []


def test_a_scanned_page_of_text_is_no_picture() -> None:
    image, pen = slide()
    lines = [words(pen, 60, 60 + 17 * i, "a printed line of a page scanned from a book", 16) for i in range(24)]
    pixels = np.asarray(image).copy()
    spots = np.random.default_rng(3).random(pixels.shape[:2]) < 0.01
    spots[:, 450:] = False
    spots[480:], spots[:60], spots[:, :60] = False, False, False
    pixels[spots] = 0
    found = visual_regions(Image.fromarray(pixels), WIDTH, HEIGHT, lines, [])
    assert all(box.x1 - box.x0 < 100 for box in found)


def test_a_letterhead_with_a_rule_askew_is_no_picture() -> None:
    """A rule that rises by a few points on a scan is higher than a straight one; a hyphen was not read."""
    for marks in (False, True):
        image, pen = slide()
        lines = [words(pen, 60, 60, "NORTHERN PUMPS"), words(pen, 260, 60, "REPAIRS"), words(pen, 60, 100, "ORDER 12")]
        pen.line((214, 70, 221, 70), fill="black", width=2)
        pen.line((60, 88, 420, 94), fill="black", width=2)
        for x in range(100, 420, 80) if marks else ():  # of a scale
            pen.line((x, 76, x, 104), fill="black", width=2)
        found = visual_regions(image, WIDTH, HEIGHT, lines, lines)
        assert [(box.x0 <= 62, box.x1 >= 418) for box in found] == [(True, True)] * marks


def test_lines_whose_layer_is_narrower_than_their_letters_are_no_picture() -> None:
    image, pen = slide()
    lines = [words(pen, 40, 140 + 24 * i, "a line of a scan, which its layer names in part") for i in range(4)]
    narrow = [box._replace(x1=box.x0 + (box.x1 - box.x0) / 2) for box in lines]
    box = BBox(38, 136, 420, 236)
    assert holds_lines_alone(image, WIDTH, HEIGHT, box, narrow)
    assert not holds_lines_alone(image, WIDTH, HEIGHT, box, narrow[:3])  # what a line shows is said by nothing
    labels = [words(pen, 40, 300 + 24 * i, f"B{i}") for i in range(4)]
    for i in range(4):  # bars beside their labels
        pen.rectangle((80, 300 + 24 * i, 200 + 60 * i, 314 + 24 * i), fill="steelblue")
    assert not holds_lines_alone(image, WIDTH, HEIGHT, BBox(38, 296, 382, 390), labels)
    photo(image, (450, 140, 700, 330))
    assert not holds_lines_alone(image, WIDTH, HEIGHT, BBox(448, 138, 702, 332), [BBox(450, 140, 700, 330)])


def test_a_table_reaches_to_the_rules_through_it_and_no_further() -> None:
    image, pen = slide()
    for y in (100, 120, 140, 160):
        pen.line((60, y, 300, y), fill="black")
    for x in (60, 180, 300):
        pen.line((x, 100, x, 160), fill="black")
    pen.rectangle((400, 60, 680, 480), outline="black", width=2)
    table = BBox(66, 104, 230, 156)
    grown = with_grid(image, WIDTH, HEIGHT, table)
    assert iou(grown, BBox(60, 100, 301, 161)) > 0.95
    assert with_grid(image, WIDTH, HEIGHT, BBox(450, 200, 600, 300)) == BBox(450, 200, 600, 300)
