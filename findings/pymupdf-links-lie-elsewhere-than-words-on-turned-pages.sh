#!/usr/bin/env bash
# PyMuPDF 2.0: on a page with /Rotate, get_links() and get_image_bbox() answer in other coordinates than all the rest.
#
# Words, search hits, drawings, annotations, form fields and get_image_rects() are given as if the page were not turned. Of
# one page with /Rotate 90 and a link and a picture, both at the place of a word
#   search_for("TARGET")        (100.0, 78.5, 181.1, 106.0)
#   get_image_rects(picture)    (100, 78.5, 181.1, 106)
#   get_image_bbox(picture)     (694, 100, 721.5, 181.1)     the same picture, as displayed
#   get_links()[0]["from"]      (694, 100, 721.5, 181.1)     as displayed
# so that get_textbox(link["from"]) says nothing, and get_image_bbox() does not say what get_image_rects() says. Without
# /Rotate all agree. Multiplied with page.derotation_matrix the two are right. Tables of contents and references of every
# landscape page lose their words, in silence.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0
"$folder/venv/bin/python" - <<'PY'
import pymupdf


def near(a: pymupdf.Rect, b: pymupdf.Rect) -> bool:
    return max(abs(x - y) for x, y in zip(a, b, strict=True)) < 1


for turn in (0, 90, 180, 270):
    doc = pymupdf.open()
    page = doc.new_page(width=600, height=800)
    page.insert_text((100, 100), "TARGET", fontsize=20)
    word = page.search_for("TARGET")[0]
    page.insert_image(word, pixmap=pymupdf.Pixmap(pymupdf.csRGB, (0, 0, 4, 4)), keep_proportion=False, overlay=False)
    page.insert_link({"kind": pymupdf.LINK_URI, "uri": "https://example.org", "from": word})
    page.set_rotation(turn)
    doc = pymupdf.open(stream=doc.tobytes())
    page = doc[0]
    word = page.search_for("TARGET")[0]
    picture = page.get_images(full=True)[0]
    (rect,), box, link = page.get_image_rects(picture[0]), page.get_image_bbox(picture), page.get_links()[0]["from"]
    said = page.get_textbox(link + (-1, -1, 1, 1)).strip()
    print(f"/Rotate {turn:3}: word {word.irect}, image_rects {rect.irect}, image_bbox {box.irect}, link {link.irect}, under it {said!r}")
    assert near(word, rect)
    assert near(word, box) == near(word, link) == (said == "TARGET") == (turn == 0)
    assert near(word, box * page.derotation_matrix) and near(word, link * page.derotation_matrix)
PY
