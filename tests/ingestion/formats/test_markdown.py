"""Markdown files: what people write in them is read, and read as what it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingestion.formats.markdown import markdown_page
from ingestion.parse import ParseOptions, parse_pdf


def body(text: str) -> str:
    return re.sub(
        r"\s*\n\s*", "\n", markdown_page(text).decode().partition("<body>")[2].partition("</body>")[0]
    ).strip()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param("~~~sh\n# start\n~~~", '<pre><code class="language-sh"># start\n</code></pre>', id="tildes"),
        pytest.param("````\n```\n# in\n```\n````", "<pre><code>```\n# in\n```\n</code></pre>", id="fence-in-fence"),
        pytest.param("---\ntitle: A & B\n---\n\ntext", "<p>title: A &amp; B</p><p>text</p>", id="yaml"),
        pytest.param("+++\nunit = 4\n+++\ntext", "<p>unit = 4</p><p>text</p>", id="toml"),
        pytest.param("text\n\n---\n\nmore\n\n---", "<p>text</p>\n<hr />\n<p>more</p>\n<hr />", id="rules-are-no-front"),
        pytest.param(
            "---\n\n# Pump\n\n|a|\n|-|\n\n---\n\nend",
            "<hr />\n<h1>Pump</h1>\n<table>",
            id="a-rule-is-no-front",
        ),
        pytest.param("---\n# of 2026\nrev: 3\n...\ntext", "<p># of 2026<br>rev: 3</p><p>text</p>", id="yaml-with-dots"),
        pytest.param(
            "Fit it[^1].\n\n[^1]: 5 Nm.\n[^x]: Or 14 Nm, if\n    it is dry.",
            "<p>[x] Or 14 Nm, if\nit is dry.</p>",
            id="a-footnote-that-nothing-refers-to",
        ),
        pytest.param("- [x] oiled\n- [ ] greased\n", "<ul>\n<li>☒ oiled</li>\n<li>☐ greased</li>\n</ul>", id="tasks"),
        pytest.param("see [x] there", "<p>see [x] there</p>", id="no-task"),
        pytest.param("Lid\n: Closes it.", "<dl>\n<dt>Lid</dt>\n<dd>Closes it.</dd>\n</dl>", id="terms"),
        pytest.param("~~old~~ <sub>2</sub>", "<p><s>old</s> <sub>2</sub></p>", id="struck-and-html"),
        pytest.param("CO~2~, 10^6^ ppm", "<p>CO<sub>2</sub>, 10<sup>6</sup> ppm</p>", id="lowered-and-raised"),
        pytest.param("it is ~5 K warmer ~ or x^2 + y^2", "<p>it is ~5 K warmer ~ or x^2 + y^2</p>", id="neither"),
        pytest.param(r"up to $150\,\text{K/h}$, $573^\circ$C", "<p>up to 150 K/h, 573°C</p>", id="formulas"),
        pytest.param("$$\nP = \\frac{U^2}{R}\n$$", "<p>P = U²/R</p>", id="formula-alone"),
        pytest.param("It is $5 and $7 each.", "<p>It is $5 and $7 each.</p>", id="prices"),
        pytest.param("`$a_1$ CO~2~`", "<p><code>$a_1$ CO~2~</code></p>", id="code"),
        pytest.param("|a|b|\n|--|--|\n|1|x\\|y|", "<td>x|y</td>", id="table"),
    ],
)
def test_what_people_write(given: str, said: str) -> None:
    assert said in body(given)


def test_footnotes_are_kept_without_the_way_back() -> None:
    said = body("Torque[^1] it.\n\n[^1]: 25 Nm.")
    assert "25 Nm." in said and "↩" not in said


def test_a_note_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(
        "---\ntags: [pump]\n---\n\n# Pump P-4\n\nFirst close the valve of the pump, then wait.\n\n~~~sh\n# comment\n"
        "pump --start\n~~~\n\n![Wiring of plug X6](x6.png)\n\n| part | number |\n|---|--:|\n| filter | 800-161 |\n"
        "| hose | 800-162 |\n\nDone[^1].\n\n[^1]: After 3 minutes.\n\n<script>alert(1)</script>\n"
    )
    document = parse_pdf(path, tmp_path / "out", ParseOptions(ocr="off"))
    text = next(chunk.text for chunk in document.chunks if chunk.kind == "page")
    for said in ("tags: [pump]", "# comment\npump --start", "[Wiring of plug X6]", "After 3 minutes."):
        assert said in text
    assert "alert" not in text and "[image]" not in text
    headings = [element.text for element in document.elements if element.kind == "heading"]
    assert headings == ["Pump P-4"]
    tables = [element.text for element in document.elements if element.kind == "table"]
    assert "800-162" in tables[0] and len(tables) == 1
