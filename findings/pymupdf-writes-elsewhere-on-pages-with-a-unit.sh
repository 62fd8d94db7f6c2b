#!/usr/bin/env bash
# PyMuPDF 2.0: on a page with a UserUnit, what is drawn or written at the place of a word lands elsewhere, and larger.
#
# Large drawings have a UserUnit (ISO 32000-2, 14.11.2): points of the page are so many 1/72 inch. get_text(), search_for(),
# get_drawings() and page.rect count in displayed points, as insert_image() and annotations do. draw_rect(),
# insert_text() and insert_textbox() take the same numbers for points of the file. UserUnit 2, a word at (200, 157):
#   search_for("TARGET")                 (200.0, 157.0, 362.2, 212.0)
#   draw_rect() of it, get_drawings()    (200.0, 102.0, 524.5, 212.0)     twice as large
#   insert_text() at its lower left, as search_for() sees it: x 400, y 400, not 200, 212
#   add_rect_annot(), insert_image() of it    where the word is
# Without a UserUnit all five agree. Nothing warns: marks, stamps and labels on CAD plans stand on other parts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0
"$folder/venv/bin/python" - <<'PY'
import pymupdf


def plan(unit: float) -> pymupdf.Page:
    doc = pymupdf.open()
    page = doc.new_page(width=600, height=800)
    page.insert_text((100, 100), "TARGET", fontsize=20)
    if unit != 1:
        doc.xref_set_key(page.xref, "UserUnit", str(unit))
    global kept
    kept = pymupdf.open(stream=doc.tobytes())
    return kept[0]


def places(unit: float) -> dict[str, tuple[float, ...]]:
    """How far each thing lies from where it was asked to be, in points of its two corners (of text: of its lower left)."""
    found = {}
    word = plan(unit).search_for("TARGET")[0]
    page = plan(unit)
    page.draw_rect(word)
    found["draw_rect"] = page.get_drawings()[0]["rect"] - word
    page = plan(unit)
    page.insert_text(word.bl, "here", fontsize=word.height / 2)
    box = page.search_for("here")[0]
    found["insert_text"] = pymupdf.Rect(box.x0 - word.x0, box.y0 - word.y1, 0, 0)
    page = plan(unit)
    page.insert_image(word, pixmap=pymupdf.Pixmap(pymupdf.csRGB, (0, 0, 4, 4)), keep_proportion=False)
    found["insert_image"] = pymupdf.Rect(page.get_image_info()[0]["bbox"]) - word
    page = plan(unit)
    note = page.add_rect_annot(word)
    found["add_rect_annot"] = note.rect - word
    return {name: tuple(round(side) for side in box) for name, box in found.items()}


usual, double = places(1), places(2)
for name in usual:
    print(f"{name:15} off by, UserUnit 1: {usual[name]}   UserUnit 2: {double[name]}")
near = 30  # points: rims of annotations, the height of letters
assert all(abs(side) <= near for box in usual.values() for side in box)
assert all(abs(side) <= near for name in ("insert_image", "add_rect_annot") for side in double[name])
assert max(map(abs, double["draw_rect"])) > 100 and max(map(abs, double["insert_text"])) > 100
PY
