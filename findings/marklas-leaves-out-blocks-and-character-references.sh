#!/usr/bin/env bash
# marklas 0.8.6, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns Markdown into Atlassian's document format (ADF) and back. "&lt;" and "&deg;" are the signs < and ° in Markdown (CommonMark 0.31.2, 2.5, "Entity and
# numeric character references"), ADF is JSON and shows text as it is; raised and lowered text has a mark of its own there (subsup), which marklas
# has, too. References stay as they are, raised text is run into the number, a block of HTML is left out with its words:
#   Markdown                      text in ADF            is
#   3 &lt; 5 &deg;C               3 &lt; 5 &deg;C        3 < 5 °C (markdown-it-py 4.3.0)
#   10<sup>6</sup> Pa             106 Pa                 10, subsup 6, Pa
#   <div>5 bar</div>              (nothing)              5 bar
#   **5** V                       5 (strong), V          right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q marklas==0.8.6 markdown-it-py==4.3.0
tools/bin/python - <<'PY'
import html

import marklas
from markdown_it import MarkdownIt


def texts(node: dict) -> list[str]:
    return [node["text"]] if node["type"] == "text" else [text for part in node.get("content", []) for text in texts(part)]


CASES = {
    "3 &lt; 5 &deg;C": ["3 &lt; 5 &deg;C"],
    "10<sup>6</sup> Pa": ["106 Pa"],
    "a\n\n<div>5 bar</div>\n\nb": ["a", "b"],
    "**5** V": ["5", " V"],
}
for text, seen in CASES.items():
    found = texts(marklas.to_adf(text))
    print(repr(text), found)
    assert found == seen, text
assert html.unescape(MarkdownIt().render("3 &lt; 5 &deg;C")) == "<p>3 < 5 °C</p>\n"
PY
