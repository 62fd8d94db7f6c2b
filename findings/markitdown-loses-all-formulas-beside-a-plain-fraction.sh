#!/usr/bin/env bash
# markitdown 0.1.9 (mammoth 1.13.0, python-docx 1.2.0 writes the input), from PyPI, Python 3.11, Linux (2026-11-30).
#
# Of a .docx markitdown writes the formulas (Office Math) as LaTeX between "$". Properties are optional there (ECMA-376 part 1, 22.1.2.24,
# 22.1.2.36: dPr and fPr may be missing, a fraction then has a bar, delimiters are "(" and ")"). Where a fraction or a bracket has none,
# all formulas of the whole document are left out, without a message, and the text closes up around the gap. Single formulas, otherwise:
#   in the .docx                                markitdown               is
#   a fraction without m:fPr                    (nothing)                \frac{1}{2}     and every other formula of the file is gone
#   [0;1], two parts between delimiters         \left[1\right]           \left[0;1\right]     the first part is lost
#   the integral of x from 0 to 1               _{0}^{1}x                \int_{0}^{1}x   (22.1.2.20: without chr it is an integral)
#   42 in a frame (borderBox)                   $$                       \boxed{42}
#   mass number before a symbol (sPre)          $$                       {}_{1}^{2}H
# So "leak rate p ≤ 5" is "leak rate" in a file that somewhere has such a fraction, and as written in one that has not.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q "markitdown[docx]==0.1.9" mammoth==1.13.0 python-docx==1.2.0
tools/bin/python - <<'PY'
import docx
from docx.oxml import parse_xml
from markitdown import MarkItDown

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def delimiters(begin: str, end: str, *parts: str) -> str:
    inner = "".join(f"<m:e>{run(part)}</m:e>" for part in parts)
    return f'<m:d><m:dPr><m:begChr m:val="{begin}"/><m:sepChr m:val=";"/><m:endChr m:val="{end}"/></m:dPr>{inner}</m:d>'


HALF = f"<m:num>{run('1')}</m:num><m:den>{run('2')}</m:den>"
LIMIT = run("p≤5")
PLAIN = f"<m:f>{HALF}</m:f>"
GIVEN = f'<m:f><m:fPr><m:type m:val="bar"/></m:fPr>{HALF}</m:f>'
BRACKET = f"<m:d><m:e>{run('a+b')}</m:e></m:d>"
PAIR = delimiters("[", "]", "0", "1")
INTEGRAL = f"<m:nary><m:sub>{run('0')}</m:sub><m:sup>{run('1')}</m:sup><m:e>{run('x')}</m:e></m:nary>"
FRAME = f"<m:borderBox><m:e>{run('42')}</m:e></m:borderBox>"
ISOTOPE = f"<m:sPre><m:sub>{run('1')}</m:sub><m:sup>{run('2')}</m:sup><m:e>{run('H')}</m:e></m:sPre>"


def read(*formulas: str) -> list[str]:
    """The paragraphs "at … end" that markitdown gives for these formulas, one in each, as what stands between."""
    document = docx.Document()
    for formula in formulas:
        paragraph = document.add_paragraph("at ")
        paragraph._p.append(parse_xml(f'<m:oMath xmlns:m="{MATH}">{formula}</m:oMath>'))
        paragraph.add_run(" end")
    document.save("math.docx")
    lines = MarkItDown().convert("math.docx").text_content.split("\n\n")
    assert all(line.startswith("at ") and line.endswith(" end") for line in lines), lines
    return [line[3:-4].strip() for line in lines]


print("limit, fraction with m:fPr   ", read(LIMIT, GIVEN))
print("limit, fraction without it   ", read(LIMIT, PLAIN))
assert read(LIMIT, GIVEN) == [r"$p\leq 5$", r"$\frac{1}{2}$"]
assert read(LIMIT, PLAIN) == read(LIMIT, BRACKET) == read(PLAIN, LIMIT) == ["", ""]
single = [read(formula)[0] for formula in (PAIR, INTEGRAL, FRAME, ISOTOPE)]
print("pair, integral, frame, isotope", single)
assert single == [r"$\left[1\right]$", r"$\_{0}^{1}x$", "$$", "$$"]
PY
