#!/usr/bin/env bash
# ezdxf 1.4.5, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Texts of drawings (MTEXT) stack what stands above and below: fractions of an inch, tolerances, exponents (DXF Reference, MTEXT, \S:
# "stacked text", parted by "/", "#" or "^"; by "^" without a line between). plain_text() is to give "the text content without inline
# formatting codes". It takes the code off and leaves the parts in the line, beside the number to which they belong:
#   in the drawing                   shows as               plain_text(), of MTEXT read from the file
#   1\S1/2; in                       1½ in                  11/2 in            5.5 inches
#   2{\H0.7x;\S3#4;} in              2¾ in                  23#4 in
#   10{\H0.7x;\S-3^ ;} mbar          10⁻³ mbar              10-3^ mbar
#   20{\H0.7x;\S+0.2^ -0.1;} mm      20 +0.2 over -0.1 mm   20+0.2^-0.1 mm
# With fast=False, the "accurate" mode of its docs, it is the same, and so is plain_mtext(). MTextParser gives a token
# of the type STACK with upper and lower part and the sign, from which the caller can make "1 1/2 in". A hard blank "\~", as between a
# number and its unit, stays with its code by default ("5\~mm") and is a blank with fast=False.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q ezdxf==1.4.5
tools/bin/python - <<'PY'
import ezdxf
from ezdxf.tools.text import MTextParser, TokenType, plain_mtext

CASES = {
    r"1\S1/2; in": ("11/2 in", ["1", "2", "/"]),
    r"2{\H0.7x;\S3#4;} in": ("23#4 in", ["3", "4", "#"]),
    r"10{\H0.7x;\S-3^ ;} mbar": ("10-3^ mbar", ["-3", "", "^"]),
    r"20{\H0.7x;\S+0.2^ -0.1;} mm": ("20+0.2^-0.1 mm", ["+0.2", "-0.1", "^"]),
}
drawing = ezdxf.new()
for written in [*CASES, r"5\~mm"]:
    drawing.modelspace().add_mtext(written)
drawing.saveas("one.dxf")
*texts, blank = ezdxf.readfile("one.dxf").modelspace().query("MTEXT")
for text, (written, (expected, parts)) in zip(texts, CASES.items(), strict=True):
    assert text.text == written
    found = {text.plain_text(), text.plain_text(fast=False), plain_mtext(written)}
    stacks = [list(token.data) for token in MTextParser(written) if token.type == TokenType.STACK]
    print(f"{written:32} {found} {stacks}")
    assert found == {expected} and stacks == [parts], (found, stacks)
print(repr(blank.plain_text()), repr(blank.plain_text(fast=False)))
assert blank.plain_text() == r"5\~mm" and blank.plain_text(fast=False) in ("5 mm", "5\u00a0mm")
PY
