#!/usr/bin/env bash
# pdfreader 0.1.15 beside pdfminer.six 20260107, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Gives the strings that a page of a PDF shows. A font that is not of symbols and has no /Encoding is written in the standard encoding, one may
# name MacRomanEncoding (PDF 32000-1, 9.6.6 and annex D.2). pdfreader decodes both as if they were WinAnsi (Latin), without an error, so that
# most signs beyond ASCII are others:
#   bytes                  encoding             pdfreader       pdfminer.six
#   5 \261 6 bar           standard             5 ± 6 bar       5 – 6 bar         a range becomes a tolerance
#   \252a\272 \247         standard             ªaº §           “a” §
#   20 \241C               MacRoman             20 ¡C           20 °C
#   \245 5 \320 6          MacRoman             ¥ 5 Ð 6         • 5 – 6
#   5 \265m, 20 \260C      WinAnsi              5 µm, 20 °C     5 µm, 20 °C
# Fonts without an entry for their encoding are those of old producers and of hand-made files.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pdfreader==0.1.15 pdfminer.six==20260107
tools/bin/python - <<'PY'
import io

from pdfminer.high_level import extract_text
from pdfreader import SimplePDFViewer


def made(shown, encoding):
    content = b"BT /F1 12 Tf 72 300 Td (%s) Tj ET" % shown
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 400] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman %s >>" % encoding,
    ]
    out, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table
    return out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


STANDARD, MAC, WIN = b"", b"/Encoding /MacRomanEncoding", b"/Encoding /WinAnsiEncoding"
CASES = [
    (rb"5 \261 6 bar", STANDARD, "5 ± 6 bar", "5 – 6 bar"),
    (rb"\252a\272 \247", STANDARD, "ªaº §", "“a” §"),
    (rb"20 \241C", MAC, "20 ¡C", "20 °C"),
    (rb"\245 5 \320 6", MAC, "¥ 5 Ð 6", "• 5 – 6"),
    (rb"5 \265m, 20 \260C", WIN, "5 µm, 20 °C", "5 µm, 20 °C"),
]
for shown, encoding, seen, right in CASES:
    file = made(shown, encoding)
    viewer = SimplePDFViewer(io.BytesIO(file))
    viewer.render()
    found = "".join(viewer.canvas.strings), extract_text(io.BytesIO(file)).strip()
    print(shown, *found)
    assert found == (seen, right), shown
PY
