#!/usr/bin/env bash
# opencv-python-headless 5.0.0.93 from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# OpenCV 5 has integers of 64 bits (CV_64S), and gives them out as int64 arrays. Given one, which is what NumPy makes of integers,
# its Python functions take the lower 32 bits of every number, without an error, whatever they do. Of r = [1, 4294967296, 6000000000],
# as cv2.add(a, b, dtype=cv2.CV_64S) has summed it (int64, right), seen
#   flip(r, 1)         1705032704 0 1, as int32        right: 6000000000 4294967296 1
#   countNonZero(r)    2                               right: 3
#   minMaxLoc(r)       0, 1705032704                   right: 1, 6000000000
#   compare(r, 1, GT)  0 0 255                         right: 0 255 255
# uint64 likewise, and the same in vconcat, transpose, sort, copyMakeBorder, add. In the older releases, which had no such integers,
# taking int64 for int32 was all they could do; uint32, new as well, is kept whole. float64 is a way round, up to 2**53.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q \
    opencv-python-headless==5.0.0.93 numpy==2.4.6
tools/bin/python - <<'PY'
import cv2
import numpy as np

half = np.array([[0, 2**31, 3 * 10**9]], dtype=np.float64)
whole = cv2.add(half, half + [[1, 0, 0]], dtype=cv2.CV_64S)
print("add     ", whole.dtype, *whole[0])
assert whole.dtype == np.int64 and whole.tolist() == [[1, 2**32, 6 * 10**9]]
CUT = 6 * 10**9 % 2**32

for type_ in (np.int64, np.uint64):
    given = whole.astype(type_)
    flipped = cv2.flip(given, 1)
    print("flip    ", given.dtype, "->", flipped.dtype, *flipped[0])
    assert flipped.dtype == np.int32 and flipped.tolist() == [[CUT, 0, 1]]
    assert cv2.vconcat([given, given]).tolist() == [[1, 0, CUT]] * 2
    assert cv2.sort(given, cv2.SORT_EVERY_ROW).tolist() == [[0, 1, CUT]]
    more = cv2.compare(given, np.ones_like(given), cv2.CMP_GT)
    print("nonzero ", cv2.countNonZero(given), "minMaxLoc", cv2.minMaxLoc(given)[:2], "compare", *more[0])
    assert cv2.countNonZero(given) == 2 and cv2.minMaxLoc(given)[:2] == (0, CUT)
    assert more.tolist() == [[0, 0, 255]]
unsigned = np.array([[1, 2**31, 2**32 - 1]], dtype=np.uint32)
assert cv2.flip(unsigned, 1).tolist() == [[2**32 - 1, 2**31, 1]]
assert cv2.flip(whole.astype(np.float64), 1).tolist() == [[6e9, 2.0**32, 1.0]]
PY
