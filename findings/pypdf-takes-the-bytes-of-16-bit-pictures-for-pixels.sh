#!/usr/bin/env bash
# pypdf 7.1.1 beside pikepdf 10.18.0 and pypdfium2 5.15.2, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# The samples of a picture in a PDF may have 16 bits, the high byte first (PDF 32000-1, 8.9.5.1, since PDF 1.5): scans of
# photographs, X-rays. pypdf's page.images gives a picture of the right size, without an error, that is made of the first half of the
# bytes, each taken for a pixel: high and low bytes by turns, a line twice as wide broken in two, the lower half lost.
#   grey, 4 × 2, 16 bits        in the file, by 256          pypdf
#   first line                  0   64  128 255              0   16  64  32
#   second line                 255 128 64  0                128 48  255 255
# pikepdf gives mode "I;16" with the values of the file, PDFium draws them. Colours of 16 bits are scrambled alike, in other tints.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q \
    pypdf==7.1.1 pikepdf==10.18.0 pypdfium2==5.15.2 pillow==13.0.0 numpy==2.4.6
tools/bin/python - <<'PY'
import numpy as np
import pikepdf
import pypdf
import pypdfium2
from pikepdf import Dictionary, Name, Stream

VALUES = np.array([[0x0010, 0x4020, 0x8030, 0xFFFF], [0xFFFF, 0x8030, 0x4020, 0x0010]], dtype=np.uint16)


def write(samples: np.ndarray, space: pikepdf.Name) -> None:
    with pikepdf.new() as file:
        height, width = samples.shape[:2]
        picture = Stream(file, samples.astype(">u2").tobytes())
        picture.Type, picture.Subtype, picture.Width, picture.Height = Name.XObject, Name.Image, width, height
        picture.ColorSpace, picture.BitsPerComponent = space, 16
        page = file.add_blank_page(page_size=(width * 10, height * 10))
        page.Resources = Dictionary(XObject=Dictionary(P=picture))
        page.Contents = Stream(file, f"{width * 10} 0 0 {height * 10} 0 0 cm /P Do".encode())
        file.save("page.pdf", min_version="1.5")


def read() -> tuple[np.ndarray, np.ndarray]:
    """What pypdf finds, and the pixels at the middle of each sample as PDFium draws it."""
    drawn = pypdfium2.PdfDocument("page.pdf")[0].render().to_pil().convert("RGB")
    image = pypdf.PdfReader("page.pdf").pages[0].images[0].image
    return np.asarray(image), np.asarray(drawn)[5::10, 5::10]


write(VALUES, Name.DeviceGray)
found, drawn = read()
with pikepdf.open("page.pdf") as file:
    image = pikepdf.PdfImage(file.pages[0].images["/P"]).as_pil_image()
print("pikepdf", image.mode, np.asarray(image).tolist(), "\npypdf", found.tolist(), "\nPDFium", drawn[..., 0].tolist())
assert image.mode == "I;16" and np.array_equal(np.asarray(image), VALUES)
assert np.abs(drawn[..., 0].astype(int) - (VALUES >> 8)).max() <= 1
assert found.tobytes() == VALUES.astype(">u2").tobytes()[: VALUES.size]
assert found.tolist() == [[0, 0x10, 0x40, 0x20], [0x80, 0x30, 0xFF, 0xFF]]

colours = np.stack([VALUES, VALUES, VALUES], axis=-1)  # grey, in three colours
write(colours, Name.DeviceRGB)
found, drawn = read()
print("of RGB: pypdf", found[0].tolist(), "PDFium", drawn[0].tolist())
assert np.ptp(drawn.astype(int), axis=-1).max() == 0
assert found[0, 0].tolist() == [0, 0x10, 0] and found[0, 2].tolist() == [0x40, 0x20, 0x40]
PY
