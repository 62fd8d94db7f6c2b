#!/usr/bin/env bash
# Pillow 12.3.0 from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# Grey pictures of 16 bits (mode "I;16": scanners, cameras, X-rays) can be resized and cropped in Pillow, turned by right angles,
# and by any angle with the nearest pixel. With bilinear or bicubic interpolation, which deskewing takes, rotate() and transform()
# give a picture of the same mode that is black: each value is one byte of the old one. Statistics count the bytes, too. Of a
# picture that is half 10000, half 50000, at the middle of either half, without an error:
#   rotate(10, NEAREST), resize(…, BICUBIC), rotate(90, BICUBIC)     10000 50000
#   rotate(10, BILINEAR), rotate(10, BICUBIC)                        at most 42
#   transform(…, AFFINE, the identity, BILINEAR)                     16 and 39 by turns, the bytes of the left half alone
#   getextrema()                                                     (10000, 50000)
#   ImageStat.Stat(picture).extrema, .mean                           (16, 39), 27.5       of bytes; right: 30000
# Operations that do not know the mode mostly raise ("image has wrong mode"); these do not. A black picture out of transform(…,
# PERSPECTIVE) was reported in 2015 (issue 1127 of Pillow). After convert("I") all are right.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pillow==12.3.0 numpy==2.4.6
tools/bin/python - <<'PY'
import numpy as np
from PIL import Image, ImageStat
from PIL.Image import Resampling, Transform

values = np.full((40, 40), 10000, dtype=np.uint16)
values[:, 20:] = 50000
short = Image.fromarray(values)
assert short.mode == "I;16"


def middles(image: Image.Image) -> list[int]:
    """The values at the middle of the left and of the right half."""
    assert image.mode in ("I;16", "I")
    return [image.getpixel((x, 20)) for x in (8, 32)]


IDENTITY = (1, 0, 0, 0, 1, 0)
for how in (Resampling.NEAREST, Resampling.BILINEAR, Resampling.BICUBIC):
    turned, moved = short.rotate(10, how), short.transform((40, 40), Transform.AFFINE, IDENTITY, how)
    print(f"{how.name:8} rotate(10)", *middles(turned), " identity", *middles(moved), " of 'I'", *middles(
        short.convert("I").rotate(10, how)))
    assert middles(short.resize((40, 40), how, box=(0, 0, 39, 39))) == [10000, 50000]
    assert middles(short.convert("I").rotate(10, how)) == [10000, 50000]
    assert middles(short.convert("I").transform((40, 40), Transform.AFFINE, IDENTITY, how)) == [10000, 50000]
    assert np.asarray(short.rotate(90, how)).tolist() == np.rot90(values).tolist()
    if how == Resampling.NEAREST:
        assert middles(turned) == middles(moved) == [10000, 50000]
    else:
        assert max(np.asarray(turned).max(), np.asarray(moved).max()) <= 42
        assert np.asarray(moved)[20].tolist() == [16, 39] * 20
stat = ImageStat.Stat(short)
print("getextrema", short.getextrema(), "ImageStat", stat.extrema, stat.mean)
assert short.getextrema() == (10000, 50000) and np.asarray(short).mean() == 30000
assert stat.extrema == [(16, 39)] and stat.mean == [27.5]
PY
