#!/usr/bin/env bash
# md2docx-python 1.0.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns a Markdown file into a Word file, by way of HTML. A block quote (CommonMark 0.31.2, 5.1), in manuals mostly a warning, is left out; what <br>
# parts and what is raised runs into one number (6.6, raw HTML); of a list whose items have paragraphs only the first item is one, and its number
# restarts at one whatever the first is (5.3: the start number is that of its first item):
#   Markdown                   in Word                    is
#   > Max. 5 bar!              (nothing)                  Max. 5 bar!
#   12<br>34                   1234                       two lines
#   10<sup>6</sup> Pa          106 Pa                     10, raised 6, Pa
#   1. a / (blank) 12 / 2. b   a / "12 2. b" in one       a, 12 / b
#   # Head, *a* **b**          right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q md2docx-python==1.0.0
tools/bin/python - <<'PY'
from docx import Document
from md2docx_python.src.md2docx_python import markdown_to_word

CASES = {
    "> Max. 5 bar!": [],
    "12<br>34": ["1234"],
    "10<sup>6</sup> Pa": ["106 Pa"],
    "1. a\n\n   12\n2. b": ["a", "12\n2. b"],
    "# Head": ["Head"],
    "*a* **b**": ["a b"],
}
for text, seen in CASES.items():
    with open("made.md", "w", encoding="utf-8") as file:
        file.write(text)
    markdown_to_word("made.md", "made.docx")
    found = [paragraph.text for paragraph in Document("made.docx").paragraphs]
    print(repr(text), found)
    assert found == seen, text
PY
