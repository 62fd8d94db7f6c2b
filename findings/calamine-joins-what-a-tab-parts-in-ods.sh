#!/usr/bin/env bash
# python-calamine 0.9.1 beside odfdo 3.27.3, from PyPI, Python 3.11, Linux (2026-11-30).
#
# In an OpenDocument text, tabs and line ends within a paragraph are elements: <text:tab/>, <text:line-break/> (OpenDocument 1.3
# part 3, 6.1.4 and 6.1.5), as several blanks are <text:s/>. calamine reads the blanks and passes over the other two, so that what
# stands on both sides runs into one. A cell of an .xlsx with a tab in it, which LibreOffice 7.4 saves as an .ods with <text:tab/>:
#   in the cell of the .ods                     calamine     odfdo        calamine, of the .xlsx
#   10<text:tab/>20                             '1020'       '10\t20'     '10\t20'
#   5<text:tab/>bar                             '5bar'       '5\tbar'     '5\tbar'
#   10<text:line-break/>20                      '1020'       '10\n20'     '10\n20'
#   10<text:s text:c="2"/>20                    '10  20'     '10  20'     '10  20'
#   two paragraphs, 10 and 20                   '10\n20'     '10\n20'     '10\n20'
# No error. The same sheet thus says 1020 or two numbers, by the format in which it was saved; pandas has its .ods cells from here
# with engine="calamine". (Its own engine="odf" is known to join paragraphs, issue 53924 of pandas.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q python-calamine==0.9.1 odfdo==3.27.3 openpyxl==3.1.5
tools/bin/python - <<'PY'
import zipfile

from odfdo import Document
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

NS = "urn:oasis:names:tc:opendocument:xmlns:"
MIME = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    f'<m:manifest xmlns:m="{NS}manifest:1.0" m:version="1.3"><m:file-entry m:full-path="/" m:media-type="{MIME}"/>'
    '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
)
CELLS = {
    "<text:p>10<text:tab/>20</text:p>": ("1020", "10\t20"),
    "<text:p>5<text:tab/>bar</text:p>": ("5bar", "5\tbar"),
    "<text:p>10<text:line-break/>20</text:p>": ("1020", "10\n20"),
    '<text:p>10<text:s text:c="2"/>20</text:p>': ("10  20", "10  20"),
    "<text:p>10</text:p><text:p>20</text:p>": ("10\n20", "10\n20"),
}
cells = "".join(f'<table:table-cell office:value-type="string">{cell}</table:table-cell>' for cell in CELLS)
with zipfile.ZipFile("one.ods", "w") as made:
    made.writestr("mimetype", MIME)
    made.writestr("META-INF/manifest.xml", MANIFEST)
    made.writestr(
        "content.xml",
        f'<office:document-content xmlns:office="{NS}office:1.0" xmlns:table="{NS}table:1.0" xmlns:text="{NS}text:1.0" '
        f'office:version="1.3"><office:body><office:spreadsheet><table:table table:name="S"><table:table-row>{cells}'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>",
    )
book = Workbook()
book.active.append([right for _, right in CELLS.values()])
book.save("one.xlsx")


def by_calamine(name: str) -> list[object]:
    return CalamineWorkbook.from_path(name).get_sheet_by_index(0).to_python()[0]


ods, xlsx, other = by_calamine("one.ods"), by_calamine("one.xlsx"), Document("one.ods").body.tables[0].get_values()[0]
for written, *found in zip(CELLS, ods, other, xlsx, strict=True):
    print(f"{written:44}", *map(repr, found))
assert ods == [seen for seen, _ in CELLS.values()]
assert xlsx == other == [right for _, right in CELLS.values()]
PY
