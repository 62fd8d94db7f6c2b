#!/usr/bin/env bash
# RapidOCR 3.10.0: in CMYK, 16-bit grey and palette pictures no text is found, and the EXIF turn counts for paths alone.
#
# A picture becomes numpy.array(image) whatever its mode (rapidocr/utils/load_image.py), and what follows goes by the number
# of channels: four are taken for RGBA, so CMYK's black becomes transparency; 16 bits are not brought down to 8; a
# palette's numbers are taken for grey. The same drawn line of text, seen with default models:
#   RGB, grey       Torque 25 Nm
#   CMYK TIFF       None          a scan for print, or a JPEG out of a PDF
#   CMYK JPEG       None
#   16-bit PNG      None          scanners, medical and scientific pictures
#   palette PNG     None          (this one is known upstream, as closed issue 606)
# It is no matter of quality: after image.convert("RGB"), for 16 bits after division by 257, each is read. Nothing is raised
# or warned of, so a page without text and one that was not understood look the same.
# A photo that says "turn me by 90 degrees" (EXIF orientation 6) is turned when it is given as a path, not as bytes or as an
# image: the boxes of the same file lie elsewhere, here within 340 x 80 and within 80 x 340 pixels.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install rapidocr==3.10.0 onnxruntime==1.24.1 pillow==12.0.0
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rapidocr import RapidOCR

WORDS = "Torque25Nm"
rgb = Image.new("RGB", (340, 80), "white")
ImageDraw.Draw(rgb).text((20, 20), "Torque 25 Nm", fill="black", font=ImageFont.load_default(40))
grey = rgb.convert("L")
deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
engine = RapidOCR(params={"Global.log_level": "critical"})


def words(picture: object) -> str | None:
    """What is read, without blanks: where words are parted is no matter here."""
    found = engine(picture).txts
    return None if found is None else "".join(found).replace(" ", "")


def read(name: str, image: Image.Image, **options: object) -> str | None:
    image.save(name, **options)
    found = words(name)
    print(f"{name:16} {image.mode:5} {found}")
    return found


assert read("rgb.png", rgb) == read("grey.png", grey) == WORDS
assert read("cmyk.tiff", rgb.convert("CMYK")) is None
assert read("cmyk.jpg", rgb.convert("CMYK"), quality=95) is None
assert read("deep.png", deep) is None
assert read("palette.png", rgb.quantize(16)) is None
for name in ("cmyk.tiff", "palette.png"):
    assert words(Image.open(name).convert("RGB")) == WORDS, name
assert words((np.asarray(Image.open("deep.png")) // 257).astype(np.uint8)) == WORDS

exif = Image.Exif()
exif[0x0112] = 6
rgb.rotate(90, expand=True).save("photo.jpg", exif=exif, quality=95)
turned, stored = engine("photo.jpg"), engine(open("photo.jpg", "rb").read())
far = [tuple(float(side) for side in result.boxes.reshape(-1, 2).max(axis=0)) for result in (turned, stored)]
print("farthest corner of a box: as a path", far[0], "as bytes", far[1])
assert far[0][0] > 200 and far[0][1] <= 80 and far[1][0] <= 80 and far[1][1] > 200
PY
