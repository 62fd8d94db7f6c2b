#!/usr/bin/env bash
# epub2text 0.2.8, beside EbookLib 0.20, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Gives the text of books in EPUB. "Smart cleaning" takes out page numbers and notes in brackets, and can be switched off (README, "clean=False"); switched off, the library still leaves
# out every raised and lowered sign, with its text, and numbers that stand alone in a cell or end a line, and joins what a line end parts:
#   in the book                          text, clean=False      is
#   10<sup>3</sup> kg/m<sup>3</sup>      10 kg/m                10³ kg/m³
#   H<sub>2</sub>O                       HO                     H2O
#   10 V<br/>20 V                        10 V20 V               two lines
#   a table A B / 1, 2 V                 A, B, 2 V              1, too
#   <ul>a <ul>b</ul></ul>                ab                     two entries
#   <p>5 &lt; 6</p>                      5 <                    5 < 6; a number that ends a line is lost
#   va<b>lve</b> 5 V                     right
# No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q epub2text==0.2.8 ebooklib==0.20
tools/bin/python -W ignore - <<'PY'
from ebooklib import epub
from epub2text import epub2txt


def text(body: str) -> str:
    """The lines that epub2text gives for a book with one chapter of this, without its title."""
    book = epub.EpubBook()
    book.set_identifier("made")
    book.set_title("T")
    book.set_language("en")
    chapter = epub.EpubHtml(title="C", file_name="c.xhtml", lang="en")
    chapter.content = f"<html><head><title>c</title></head><body><h1>C</h1><p>start</p>{body}</body></html>"
    book.add_item(chapter)
    book.toc = (epub.Link("c.xhtml", "C", "c"),)
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["nav", chapter]
    epub.write_epub("made.epub", book)
    lines = [line.strip() for line in epub2txt("made.epub", clean=False).partition("start")[2].splitlines()]
    return ", ".join(line for line in lines if line)


CASES = {
    "<p>10<sup>3</sup> kg/m<sup>3</sup></p>": "10 kg/m",
    "<p>H<sub>2</sub>O</p>": "HO",
    "<p>10 V<br/>20 V</p>": "10 V20 V",
    "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2 V</td></tr></table>": "A, B, 2 V",
    "<ul><li>a<ul><li>b</li></ul></li></ul>": "ab",
    "<p>5 &lt; 6</p>": "5 <",
    "<p>va<b>lve</b> 5 V</p>": "valve 5 V",
}
for body, seen in CASES.items():
    print(body, "|", text(body))
    assert text(body) == seen, body
PY
