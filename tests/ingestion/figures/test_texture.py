"""Photographs told by their texture."""

from PIL import Image
from texture_drawing import textured

from ingestion.elements import BBox
from ingestion.figures.texture import Texture


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


def test_each_call_hides_its_own_words() -> None:
    texture = Texture(textured(200, 200), 200, 200)
    box = BBox(0, 0, 200, 200)
    assert texture.is_photo(box, []) and not texture.is_photo(box, [box]) and texture.is_photo(box, [])
