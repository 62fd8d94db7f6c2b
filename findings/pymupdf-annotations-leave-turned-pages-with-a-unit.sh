#!/usr/bin/env bash
# PyMuPDF 2.0: on a turned page with a UserUnit, annotations and fields are told beside the page; remove_rotation() moves them.
#
# Page.rotation_matrix and derotation_matrix are made of the page's size in points of the file, while everything else is in
# displayed points (ISO 32000-2, 14.11.2). /Rotate 90, UserUnit 2, a rectangle drawn and an annotation at the same place:
#   get_drawings()                       (200, 1120, 400, 1200)
#   annot.rect                           (200, 320, 400, 400)      800 points away: the height once, not twice
#   after page.remove_rotation(), both   (400, 200, 480, 400) and (800, 400, 960, 800)
# remove_rotation() promises the same visual appearance, and writes the wrong place into the file: there, annotation and
# drawing part company in every viewer. With /Rotate or UserUnit alone both agree, before and after. Comments on turned CAD
# plans belong to other parts then. To delete the UserUnit, take the rotation away and set the unit again is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0
"$folder/venv/bin/python" - <<'PY'
import pymupdf


def plan(turn: int, unit: float) -> pymupdf.Document:
    doc = pymupdf.open()
    page = doc.new_page(width=600, height=800)
    page.draw_rect(pymupdf.Rect(100, 560, 200, 600))
    page.add_rect_annot(pymupdf.Rect(100, 560, 200, 600))
    page.set_rotation(turn)
    if unit != 1:
        doc.xref_set_key(page.xref, "UserUnit", str(unit))
    return pymupdf.open(stream=doc.tobytes())


def apart(page: pymupdf.Page) -> float:
    """How far the annotation lies from the drawing, in points."""
    drawn, noted = page.get_drawings()[0]["rect"], next(page.annots()).rect
    return max(abs(a - b) for a, b in zip(drawn, noted, strict=True))


for turn in (0, 90, 180, 270):
    for unit in (1, 2):
        doc = plan(turn, unit)
        before = apart(doc[0])
        doc[0].remove_rotation()
        after = apart(pymupdf.open(stream=doc.tobytes())[0])
        print(f"/Rotate {turn:3}, UserUnit {unit}: {before:6.1f} points apart, after remove_rotation() {after:6.1f}")
        wrong = bool(turn and unit != 1)
        assert (before > 100) == (after > 100) == wrong
PY
