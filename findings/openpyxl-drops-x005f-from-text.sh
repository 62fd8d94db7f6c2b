#!/usr/bin/env bash
# openpyxl 3.1.5: "x005F_" is taken out of every shared text, also where it escapes nothing: an address loses digits.
#
# In a workbook's texts "_xHHHH_" stands for a character, and "_x005F_" for an underscore that would begin such a sequence
# (ISO 29500-1, 22.9.2.19). openpyxl does not read these sequences; it replaces the six characters "x005F_" by nothing,
# wherever they stand. Texts of a file as Excel writes it (the shared strings), and what the cell says:
#   <t>0x005F_0010</t>             0x005F_0010          openpyxl 00010            no underscore before: nothing is escaped
#   <t>CLK_x005F_x0041_EN</t>      CLK_x0041_EN         openpyxl CLK_x0041_EN     right
#   <t>A_x0026_B</t>               A&B                  openpyxl A_x0026_B        a sequence that is never read
# The same text as an inline string (which openpyxl itself writes) stays whole, so that what is read depends on the
# program that saved the file. No warning; registers, colours and part numbers in hexadecimal digits are what is hit.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install openpyxl==3.1.5
"$folder/venv/bin/python" - <<'PY'
import io
import zipfile

import openpyxl

TEXTS = ["0x005F_0010", "CLK_x005F_x0041_EN", "A_x0026_B", "plain"]
MAIN, LINKS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(cells: str) -> bytes:
    strings = "".join(f"<si><t>{text}</t></si>" for text in TEXTS)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{LINKS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return held.getvalue()


def read(cells: str) -> list[str]:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(cells))).active
    return [row[0].value for row in sheet.iter_rows()]


shared = read("".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, 5)))
inline = read("".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{text}</t></is></c></row>' for n, text in enumerate(TEXTS, 1)))
for text, said, other in zip(TEXTS, shared, inline, strict=True):
    print(f"{text:20} as a shared string {said!r:20} as an inline string {other!r}")
assert shared == ["00010", "CLK_x0041_EN", "A_x0026_B", "plain"]
assert inline == TEXTS
PY
