#!/usr/bin/env bash
# EbookLib 0.20: every element with an epub:type and an id becomes a page of the book's page list: notes, tips, chapters.
#
# The navigation document of an EPUB 3 may list where the pages of the printed book begin (EPUB 3.3, 7.4.2, "page-list");
# the places are elements of type "pagebreak". EbookLib makes that list itself when a book has an EpubNav, by looking for
# any element with the attribute epub:type, whatever it says. A footnote (epub:type="footnote", which needs an id to be
# linked to) is then "page n1", and a chapter "page c1", in the order in which they stand; readers offer them under
# "Go to page", and whoever reads the navigation for page numbers cites a page "n1". A book without page breaks gets a
# page list for its notes alone. Printed below: ['n1', 'c1', '12'] for a book with the one page 12, ['n1', 'c1'] for one
# without any.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install EbookLib==0.20 lxml==6.1.3
"$folder/venv/bin/python" - "$folder" <<'PY'
import re
import sys
import zipfile

from ebooklib import epub

BODY = """<p>Each colony needs 8 kg of stores.<a epub:type="noteref" href="#n1">1</a></p>
<aside epub:type="footnote" id="n1"><p>Weigh the hive at both sides.</p></aside>
<section epub:type="chapter" id="c1"><p>Count the mites.</p></section>
{}"""
BREAK = '<span epub:type="pagebreak" id="p12" title="12">12</span>'


def pages(body: str) -> list[str]:
    book = epub.EpubBook()
    book.set_title("Bees")
    chapter = epub.EpubHtml(title="Spring", file_name="spring.xhtml")
    chapter.content = f'<html xmlns:epub="http://www.idpf.org/2007/ops"><body>{body}</body></html>'
    book.add_item(chapter)
    book.toc, book.spine = [chapter], ["nav", chapter]
    book.add_item(epub.EpubNav())
    book.add_item(epub.EpubNcx())
    epub.write_epub(f"{sys.argv[1]}/bees.epub", book)
    with zipfile.ZipFile(f"{sys.argv[1]}/bees.epub") as made:
        nav = next(made.read(name).decode() for name in made.namelist() if name.endswith("nav.xhtml"))
    listed = re.search(r'<nav[^>]*page-list.*?</nav>', nav, re.DOTALL)
    return re.findall(r"<a [^>]*>([^<]*)</a>", listed[0]) if listed else []


with_break, without = pages(BODY.format(BREAK)), pages(BODY.format(""))
print("with a page break:   ", with_break)
print("without page breaks: ", without)
assert with_break == ["n1", "c1", "12"]
assert without == ["n1", "c1"]
PY
