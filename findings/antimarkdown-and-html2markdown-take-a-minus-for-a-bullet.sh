#!/usr/bin/env bash
# antimarkdown 1.0.2 and html2markdown 0.1.7, beside markdown-it-py 4.0.0, all from PyPI, Python 3.11, Linux (2026-12-01).
#
# Turn HTML into Markdown. What begins a paragraph is not escaped, so that a sign or a number with a point becomes the mark of a list and is gone when the Markdown is shown; emphasis
# within a word is written with signs that do not emphasize there. antimarkdown leaves line breaks and cells without anything between them:
#   HTML                          antimarkdown     html2markdown     shown
#   <p>- 5 °C</p>                 - 5 °C           - 5 °C            a bullet and "5 °C", twice
#   <p>+ 5 V</p>                  + 5 V            + 5 V             a bullet and "5 V", twice
#   <p>3. May</p>                 3. May           3. May            step 3, "May", twice
#   <p>2*3*4</p>                  2*3*4            2\*3\*4           "234", "2*3*4"
#   <p>5<b>V</b></p>              5**V**           5__V__            "5V", "5__V__"
#   <p>10<br>20</p>               1020             10 / 20           "1020", two lines
#   <td>1</td><td>2</td>          12               left as HTML      "12", two cells
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q antimarkdown==1.0.2 html2markdown==0.1.7 markdown-it-py==4.0.0
tools/bin/python -W ignore - <<'PY'
import re

import antimarkdown
from html2markdown import convert
from markdown_it import MarkdownIt

show = MarkdownIt("commonmark")


def shown(markdown: str) -> str:
    """The tags and text that CommonMark makes of it, without line ends and tags of paragraphs."""
    return re.sub(r"</?p>|\n", "", show.render(markdown))


CASES = [  # HTML, Markdown by antimarkdown, by html2markdown
    ("<p>- 5 °C</p>", "<ul><li>5 °C</li></ul>", "<ul><li>5 °C</li></ul>"),
    ("<p>+ 5 V</p>", "<ul><li>5 V</li></ul>", "<ul><li>5 V</li></ul>"),
    ("<p>3. May</p>", '<ol start="3"><li>May</li></ol>', '<ol start="3"><li>May</li></ol>'),
    ("<p>2*3*4</p>", "2<em>3</em>4", "2*3*4"),
    ("<p>5<b>V</b></p>", "5<strong>V</strong>", "5__V__"),
    ("<p>10<br>20</p>", "1020", "10<br />20"),
    ("<table><tr><td>1</td><td>2</td></tr></table>", "12", "<table><tr><td>1</td><td>2</td></tr></table>"),
]
for html, one, two in CASES:
    print(html, "|", antimarkdown.to_markdown(html), "|", convert(html))
    assert shown(antimarkdown.to_markdown(html)) == one, html
    assert shown(convert(html)) == two, html
PY
