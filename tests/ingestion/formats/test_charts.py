"""Values of charts in Office files, made by the libraries that write them."""

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pptx
from openpyxl.chart import BarChart, Reference
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Pt

from ingestion.formats.charts import chart
from ingestion.formats.office import as_book


def html(path: Path) -> str:
    return as_book(path, path.suffix[1:]).content.decode()


def test_charts_of_slides_are_tables_in_place(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Heat"
    shares: Any = CategoryChartData(number_format="0.0%")  # type: ignore[no-untyped-call]
    shares.categories = [datetime.date(2031, 1, 5), datetime.date(2031, 2, 5)]
    shares.add_series("Hall A", (0.125, 0.5))
    shares.add_series("Hall B", (0.25, None))
    drawn = slide.shapes.add_chart(XL_CHART_TYPE.LINE, 0, 0, Pt(300), Pt(200), shares).chart
    drawn.has_title = True
    drawn.chart_title.text_frame.text = "Share & use"
    runs: Any = XyChartData()  # type: ignore[no-untyped-call]
    run = runs.add_series("Run 7")
    run.add_data_point(1.5, 22.25)
    slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, 0, 0, Pt(300), Pt(200), runs)
    path = tmp_path / "talk.pptx"
    show.save(str(path))
    said = html(path)
    assert "<p>Chart: Share &amp; use</p><table><tr><th></th><th>Hall A</th><th>Hall B</th></tr>" in said
    assert "<tr><td>2031-01-05</td><td>12.5%</td><td>25.0%</td></tr>" in said
    assert "<tr><td>2031-02-05</td><td>50.0%</td><td></td></tr>" in said
    assert "<tr><th>x</th><th>Run 7</th></tr><tr><td>1.5</td><td>22.25</td></tr>" in said


def test_a_workbooks_chart_without_stored_values_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Hall", "Heat"), ("A", 12), ("B", 17)):
        sheet.append(row)
    bars = BarChart()
    bars.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(bars, "D2")
    path = tmp_path / "heat.xlsx"
    book.save(path)
    assert "1 × chart" in as_book(path, "xlsx").lost
    assert "Charts" not in html(path)


def test_levels_of_categories_and_names_of_axes_are_said() -> None:
    space = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    levels = "".join(f'<c:lvl><c:pt idx="0"><c:v>{said}</c:v></c:pt></c:lvl>' for said in ("May", "2031"))
    axis = (
        '<c:catAx><c:title><c:tx><c:rich><a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:r>'
        "<a:t>Month</a:t></a:r></a:p></c:rich></c:tx></c:title></c:catAx>"
    )
    part = (
        f"<c:chartSpace {space}><c:chart><c:plotArea><c:barChart><c:ser><c:tx><c:v>Heat</c:v></c:tx><c:cat>"
        f"<c:multiLvlStrRef><c:multiLvlStrCache>{levels}</c:multiLvlStrCache></c:multiLvlStrRef></c:cat><c:val>"
        '<c:numLit><c:pt idx="0"><c:v>12</c:v></c:pt></c:numLit></c:val></c:ser></c:barChart>'
        f"{axis}</c:plotArea></c:chart></c:chartSpace>"
    )
    assert "<tr><th>Month</th><th>Heat</th></tr><tr><td>2031 / May</td><td>12</td></tr>" in chart(
        part.encode(), "c.xml"
    )
    assert chart(b"<c/>", "c.xml") == ""
    assert chart(b"<broken", "c.xml") == ""
