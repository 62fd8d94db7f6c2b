#!/usr/bin/env bash
# all2md 1.18.0, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Turns many formats into Markdown. A blank that stands alone between two words in bold or italics is left out, in HTML and in what is read by way of it or of its parts, so that two
# words or numbers become one; and as signs of emphasis within a word count less in Markdown, "_" is shown:
#   source                                           seen               shown (CommonMark)     is
#   HTML <b>turn</b> <i>left</i>                     **turn**_left_     turn_left_             turn left
#   HTML <b>5</b> <b>10</b>                          **510**            510                    5 10
#   MediaWiki '''A''' ''now''                        **A**_now_         A_now_                 A now
#   Textile *turn* _left_                            **turn**_left_     turn_left_             turn left
#   HTML <b>5</b> V                                  **5** V            right
#   AsciiDoc *turn* _left_, Org *turn* /left/        right
# Steps of MediaWiki in two levels end the list, and the number of the next one is 1: "# a", "## b", "# c" is 1. a, 2. \#, b, 1. c.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q all2md==1.18.0 mwparserfromhell==0.7.2 textile==4.0.4 beautifulsoup4==4.14.2 httpx==0.28.1
tools/bin/python -W ignore - <<'PY'
import io
import re

from all2md import to_markdown

CASES = [
    ("html", "<p><b>turn</b> <i>left</i></p>", "**turn**_left_"),
    ("html", "<p><b>5</b> <b>10</b></p>", "**510**"),
    ("html", "<p><b>5</b> V</p>", "**5** V"),
    ("mediawiki", "'''A''' ''now''", "**A**_now_"),
    ("mediawiki", "# a\n## b\n# c", "1. a 2. \\# b 1. c"),
    ("textile", "*turn* _left_", "**turn**_left_"),
    ("asciidoc", "*turn* _left_", "**turn** *left*"),
]
for kind, text, seen in CASES:
    found = re.sub(r"\s+", " ", to_markdown(io.BytesIO(text.encode()), source_format=kind)).strip()
    print(kind, text, "|", found)
    assert found == seen, (kind, text)
PY
