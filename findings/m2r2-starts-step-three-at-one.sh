#!/usr/bin/env bash
# m2r2 2.1.0 with docutils 0.23 beside markdown-it-py 4.2.0, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns Markdown into reStructuredText, for Sphinx. In Markdown a list begins with the number of its first item (CommonMark 5.3: "An integer to be
# used as the start number"), and a backslash makes a sign text (2.4). m2r2 writes every number as "#.", which counts from one, and the sign
# without its backslash or one of reStructuredText's, where it means something, too. Rendered to HTML:
#   Markdown                              by m2r2 and docutils              by markdown-it-py
#   3. Open the valve. 4. Close it.       1. and 2. (<ol>)                  3. and 4. (<ol start="3">)
#   marked \*5\* V                        <em>5</em> V                      *5* V
#   \`reset\`                             <cite>reset</cite>                `reset`
#   ***never*** open                      <strong>never</strong>            <em><strong>never</strong></em>
#   `` ` `` is a backtick                 a line and no text                a backtick in code
#   1. a 2. b, 2\*3                       right
# Text that says "go back to step 3" leads elsewhere, after a table or picture at the margin, say, behind which the steps go on. No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q m2r2==2.1.0 docutils==0.23 markdown-it-py==4.2.0
tools/bin/python - <<'PY'
from docutils.core import publish_parts
from m2r2 import convert
from markdown_it import MarkdownIt

SETTINGS = {"report_level": 1, "raw_enabled": True, "halt_level": 2}
CASES = [
    ("3. Open the valve.\n4. Close it.", '<ol class="arabic simple">\n<li><p>Open', '<ol start="3">\n<li>Open'),
    (r"marked \*5\* V", "marked <em>5</em> V", "marked *5* V"),
    (r"press \`reset\` now", "press <cite>reset</cite> now", "press `reset` now"),
    ("***never*** open", "<p><strong>never</strong> open", "<em><strong>never</strong></em> open"),
    (r"set 2\*3 mm", "set 2*3 mm", "set 2*3 mm"),
]
for text, seen, right in CASES:
    found = publish_parts(convert(text), writer="html5", settings_overrides=SETTINGS)["body"]
    other = MarkdownIt().render(text)
    print(repr(text), repr(found.strip()), repr(other.strip()))
    assert seen in found and right in other, text
    assert "start" not in found
code = "`` ` `` is a backtick"
assert "<code>`</code>" in MarkdownIt().render(code)
assert convert("`` ` ``").strip() == "`````"
PY
