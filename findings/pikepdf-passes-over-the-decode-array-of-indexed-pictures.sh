#!/usr/bin/env bash
# pikepdf 10.18.0 and pypdf 7.1.1 beside pypdfium2 5.15.2 and PyMuPDF 2.0, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# A picture's Decode array says which value each sample stands for; [1 0] turns black and white (PDF 32000-1, 8.9.5.2, table 88:
# for Indexed colours of n bits the default is [0 2^n-1]). Since 10.9 pikepdf's PdfImage.as_pil_image() does so for grey and RGB. For
# pictures with a palette it does not, and pypdf's page.images neither: a scan of one bit with the palette white, black comes out
# as white on black, and what reads text in it, or counts dark pixels, has the opposite. Of a line of four samples 1 0 1 1:
#                                                  as drawn (PDFium, MuPDF)      pikepdf        pypdf
#   palette white, black, no Decode                B W B B                       B W B B        B W B B
#   palette white, black, Decode [1 0]             W B W W                       B W B B        B W B B
#   DeviceGray, Decode [1 0]                       B W B B                       B W B B        B W B B
# No error, no warning; extract_to() writes the same.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q \
    pikepdf==10.18.0 pypdf==7.1.1 pypdfium2==5.15.2 pymupdf==2.0 pillow==13.0.0 numpy==2.4.6
tools/bin/python - <<'PY'
import io

import numpy as np
import pikepdf
import pymupdf
import pypdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

PALETTE = Array([Name.Indexed, Name.DeviceGray, 1, bytes([255, 0])])


def write(space: pikepdf.Object, decode: list[int] | None) -> None:
    with pikepdf.new() as file:
        picture = Stream(file, bytes([0b10110000]))
        picture.Type, picture.Subtype, picture.Width, picture.Height = Name.XObject, Name.Image, 4, 1
        picture.ColorSpace, picture.BitsPerComponent = space, 1
        if decode:
            picture.Decode = Array(decode)
        page = file.add_blank_page(page_size=(40, 10))
        page.Resources = Dictionary(XObject=Dictionary(P=picture))
        page.Contents = Stream(file, b"40 0 0 10 0 0 cm /P Do")
        file.save("page.pdf")


def said(image: Image.Image) -> str:
    return " ".join("BW"[int(value > 127)] for value in np.asarray(image.convert("L"))[0])


def drawn(image: Image.Image) -> str:
    return said(image.crop((0, 5, 40, 6)).resize((4, 1), Image.Resampling.NEAREST))


def read() -> dict[str, str]:
    written = io.BytesIO()
    with pikepdf.open("page.pdf") as file:
        picture = pikepdf.PdfImage(file.pages[0].images["/P"])
        found = {"pikepdf": said(picture.as_pil_image())}
        picture.extract_to(stream=written)
    assert said(Image.open(written)) == found["pikepdf"]
    found["pypdf"] = said(pypdf.PdfReader("page.pdf").pages[0].images[0].image)
    found["PDFium"] = drawn(pypdfium2.PdfDocument("page.pdf")[0].render().to_pil())
    found["MuPDF"] = drawn(pymupdf.open("page.pdf")[0].get_pixmap().pil_image())
    return found


for space, decode, right, wrong in (
    (PALETTE, None, "B W B B", None),
    (PALETTE, [1, 0], "W B W W", "B W B B"),
    (Name.DeviceGray, [1, 0], "B W B B", None),
):
    write(space, decode)
    found = read()
    print("palette" if space is PALETTE else "grey", "Decode", decode, found)
    assert found["PDFium"] == found["MuPDF"] == right
    assert found["pikepdf"] == found["pypdf"] == (wrong or right)
PY
