#!/usr/bin/env bash
# PyMuPDF 2.0, Python 3.11, Linux (2026-11-29).
#
# A text page that was made to tell vector graphics, too (flag TEXT_COLLECT_VECTORS), holds blocks of text, pictures and vectors.
# Its methods that list words, blocks, lines and HTML all pass over the vector blocks or name them; extractIMGINFO(), which lists
# the pictures, takes each block that is no text for a picture and ends with
#     RuntimeError: Not an image
# at the first drawn line or rectangle, on a page with pictures and on one without. So one text page cannot serve words,
# vectors and the places of pictures together; the pictures need a second one without the flag.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pymupdf==2.0
tools/bin/python - <<'PY'
import pymupdf

def told(page: pymupdf.Page, flags: int) -> str:
    text = page.get_textpage(flags=flags)
    assert [word[4] for word in text.extractWORDS()] == ["words"]
    assert text.extractDICT()["blocks"] and text.extractHTML()
    try:
        return f"{len(text.extractIMGINFO())} pictures"
    except RuntimeError as exc:
        return f"RuntimeError: {exc}"

picture = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 8, 8), False).tobytes("png")
both, images = pymupdf.TEXT_COLLECT_VECTORS | pymupdf.TEXT_PRESERVE_IMAGES, pymupdf.TEXT_PRESERVE_IMAGES
for with_picture in (False, True):
    page = pymupdf.open().new_page()
    page.insert_text((72, 72), "words")
    if with_picture:
        page.insert_image(pymupdf.Rect(200, 200, 260, 260), stream=picture)
    plain = told(page, both)
    page.draw_rect(pymupdf.Rect(10, 10, 90, 90))
    found = [plain, told(page, images), told(page, both)]
    print(f"picture on the page: {with_picture}; nothing drawn, drawn without the flag, drawn with it: {found}")
    count = int(with_picture)
    assert found == [f"{count} pictures", f"{count} pictures", "RuntimeError: Not an image"], found
PY
