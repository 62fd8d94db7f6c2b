#!/usr/bin/env bash
# odfdo 3.27.3 beside odfpy 1.4.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# In OpenDocument a blank is an element, <text:s/>, where a plain one would be lost: after another blank, and at the beginning of a
# piece of formatted text, as word processors write the blank between two words of different style. Document.get_formatted_text(),
# odfdo's plain text of a document, leaves these elements out, while tabs and line ends are kept:
#   content of the paragraph                              get_formatted_text()    to_markdown(), inner_text, odfpy
#   <span>Mass</span><span><s/>18</span><s/>kg            Mass18kg                Mass 18 kg
#   10<s/>20, in a cell of a table                        1020                    10 20
#   Part<s/>7, a heading                                  Part7                   Part 7
#   10 <s c="2"/>20                                       10 20                   10   20
#   10<tab/>20                                            10 and 20, a tab between
# So words and numbers that differ in style are one word, in the text that is searched. Of one document two functions of one library give
# two texts.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q odfdo==3.27.3 odfpy==1.4.1
tools/bin/python -W ignore - <<'PY'
from zipfile import ZipFile

from odf import teletype
from odf.opendocument import load
from odfdo import Document

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
MANIFEST = (
    f'<m:manifest xmlns:m="{OASIS}:manifest:1.0" m:version="1.2"><m:file-entry m:full-path="/" '
    'm:media-type="application/vnd.oasis.opendocument.text"/>'
    '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
)
CONTENT = (
    f'<office:document-content xmlns:office="{OASIS}:office:1.0" xmlns:text="{OASIS}:text:1.0" xmlns:table="{OASIS}:table:1.0" '
    'office:version="1.2"><office:body><office:text>{}</office:text></office:body></office:document-content>'
)
TABLE = "<table:table table:name='T'><table:table-row><table:table-cell>{}</table:table-cell></table:table-row></table:table>"
CASES = [  # content, odfdo's plain text, as it is
    ("<text:p><text:span>Mass</text:span><text:span><text:s/>18</text:span><text:s/>kg</text:p>", "Mass18kg", "Mass 18 kg"),
    ("<text:h text:outline-level='1'>Part<text:s/>7</text:h>", "Part7", "Part 7"),
    ("<text:p>10 <text:s text:c='2'/>20</text:p>", "10 20", "10   20"),
    ("<text:p>10<text:tab/>20</text:p>", "10\t20", "10\t20"),
    (TABLE.format("<text:p>10<text:s/>20</text:p>"), "1020", "10 20"),
]
for content, seen, right in CASES:
    with ZipFile("made.odt", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("META-INF/manifest.xml", MANIFEST)
        package.writestr("content.xml", CONTENT.format(content))
    document = Document("made.odt")
    plain, other = document.get_formatted_text().strip(), teletype.extractText(load("made.odt").text)
    print(repr(plain), repr(document.to_markdown()), repr(other))
    assert plain == seen and other == right, content
    assert "\t" in right or right in document.to_markdown(), content
PY
