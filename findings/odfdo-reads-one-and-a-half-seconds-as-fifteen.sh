#!/usr/bin/env bash
# odfdo 3.27.3 beside python-calamine 0.9.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Times and durations of an OpenDocument table are written as ISO 8601 durations (OpenDocument 1.3 part 3, office:time-value);
# seconds may have a fraction, and LibreOffice 7.4 writes one where a cell has one ("PT00H00M01.5S" for 0:00:01.5). odfdo's
# Duration.decode() lets the point through its check and gathers digits across it (odfdo/datatype.py), so the fraction's digits
# are appended to the seconds, without an error:
#   in the file                odfdo                  calamine
#   PT00H00M01.5S              0:00:15                0:00:01.5
#   PT00H01M01.05S             0:02:45                0:01:01.05
#   PT00H00M01.500000000S      17361 days, 2:40:00    0:00:01.5
# Without a fraction both are right. Written, a timedelta of 1.5 s becomes PT00H00M01S. Calamine has a fault of its own: a duration
# of a day or more is no time of day, and comes as the text "PT30H15M00S", while the same from an .xlsx is a timedelta.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q odfdo==3.27.3 python-calamine==0.9.1
tools/bin/python - <<'PY'
import zipfile
from datetime import time, timedelta

import odfdo
from python_calamine import CalamineWorkbook

KIND = "application/vnd.oasis.opendocument.spreadsheet"
SPACE = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(f'xmlns:{name}="{SPACE}:{name}:1.0"' for name in ("office", "table", "text"))
WRITTEN = ["PT05H06M07S", "PT00H00M01.5S", "PT00H01M01.05S", "PT00H00M01.500000000S", "PT30H15M00S"]
RIGHT = [
    timedelta(hours=5, minutes=6, seconds=7),
    timedelta(seconds=1.5),
    timedelta(seconds=61.05),
    timedelta(seconds=1.5),
    timedelta(hours=30, minutes=15),
]

rows = "".join(
    f'<table:table-row><table:table-cell office:value-type="time" office:time-value="{written}"><text:p>-</text:p>'
    "</table:table-cell></table:table-row>"
    for written in WRITTEN
)
table = f'<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>'
content = f'<office:document-content {SPACES} office:version="1.3"><office:body>{table}</office:body></office:document-content>'
entries = "".join(
    f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
    for path, kind in (("/", KIND), ("content.xml", "text/xml"))
)
manifest = f'<manifest:manifest xmlns:manifest="{SPACE}:manifest:1.0" manifest:version="1.3">{entries}</manifest:manifest>'
with zipfile.ZipFile("times.ods", "w") as file:
    for name, text in {"mimetype": KIND, "content.xml": content, "META-INF/manifest.xml": manifest}.items():
        file.writestr(name, text)

by_odfdo = [row[0] for row in odfdo.Document("times.ods").body.tables[0].get_values()]
by_calamine = [row[0] for row in CalamineWorkbook.from_path("times.ods").get_sheet_by_index(0).to_python()]
for written, one, other in zip(WRITTEN, by_odfdo, by_calamine, strict=True):
    print(f"{written:22} odfdo {one!s:22} calamine {other!r}")
assert [by_odfdo[0], by_odfdo[4]] == [RIGHT[0], RIGHT[4]]
assert by_odfdo[1:4] == [timedelta(seconds=15), timedelta(seconds=165), timedelta(seconds=1_500_000_000)]
for right, value in zip(RIGHT[:4], by_calamine[:4], strict=True):
    of_day = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    assert isinstance(value, time) and of_day == right
assert by_calamine[4] == "PT30H15M00S"

made = odfdo.Table("T")
made.set_value((0, 0), timedelta(seconds=1.5))
assert 'office:time-value="PT00H00M01S"' in made.get_cell((0, 0)).serialize()
PY
