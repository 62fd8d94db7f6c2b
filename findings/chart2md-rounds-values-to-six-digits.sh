#!/usr/bin/env bash
# chart2md 0.1.0, beside python-pptx 1.0.2, both from PyPI, Python 3.11, Linux (2026-12-01).
#
# Turns charts of Office files into tables of Markdown. Values are kept in the chart with all their digits, and their format beside; the library writes six digits, and powers of ten above a
# million; and of categories in two levels only the first of a group has its group's name:
#   value in the chart                     seen            is
#   1,234,567                              1.23457e+06     1234567
#   123,456.789                            123457          123456.789
#   20,261,201 (a date as a number)        2.02612e+07     20261201
#   group G1 with a and b, G2 with c       a > G1, b, c > G2     b is of G1
#   1.5, -3, a value that is missing       right
# No warning. A sum of the table is not the sum of the chart.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q chart2md==0.1.0 python-pptx==1.0.2
tools/bin/python -W ignore - <<'PY'
from chart2md import convert_chart, load_chart_parts
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE


def rows(data: CategoryChartData) -> list[list[str]]:
    """The rows of the table of a chart with this data, without the head."""
    show = Presentation()
    show.slides.add_slide(show.slide_layouts[6]).shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, 3_000_000, 2_000_000, data)
    show.save("made.pptx")
    ((root, context),) = load_chart_parts("made.pptx")
    table = [line for line in convert_chart(root, context).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


VALUES = {1234567: "1.23457e+06", 123456.789: "123457", 20261201: "2.02612e+07", 1.5: "1.5", -3: "-3", None: ""}
data = CategoryChartData()
data.categories = [f"c{number}" for number in range(len(VALUES))]
data.add_series("A", list(VALUES))
found = rows(data)
print(found)
assert [cells[1] for cells in found] == list(VALUES.values())

data = CategoryChartData()
for group, names in (("G1", "ab"), ("G2", "c")):
    category = data.add_category(group)
    for name in names:
        category.add_sub_category(name)
data.add_series("A", (1, 2, 3))
found = rows(data)
print(found)
assert [cells[0] for cells in found] == ["a > G1", "b", "c > G2"]
PY
