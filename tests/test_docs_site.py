"""The site of docs/, built as `make docs` builds it: no warnings, every link leads somewhere, nothing is fetched."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from chromium import launched
from lxml import html
from markdown_it import MarkdownIt
from running import running

pytest.importorskip("material", reason="mkdocs-material is not installed")

from tools.docs_site import OUTSIDE, source_of, with_links

ROOT = Path(__file__).resolve().parent.parent
FETCHED = (("script", "src"), ("link", "href"), ("img", "src"), ("source", "srcset"), ("iframe", "src"))
BLOCKS = {"li": "list_item_open", "tr": "tr_open", "pre": "fence"}
"""Elements of a page, and what they are in its Markdown as code hosts read it."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr  # strict: a warning is an error
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Any]:
    return {path: html.parse(str(path)).getroot() for path in site.rglob("*.html")}


def test_every_page_of_docs_and_of_the_root_is_there(site: Path) -> None:
    wanted = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]
    wanted = [path for path in wanted if path != Path("README.md")] + [Path(OUTSIDE[n.name]) for n in ROOT.glob("*.md")]
    here = [site / (path.with_name("index.html") if path.name == "README.md" else path.with_suffix(".html"))
            for path in wanted]  # fmt: skip
    assert [path for path in here if not path.is_file()] == []


def test_every_link_leads_to_a_page_and_a_heading(site: Path, pages: dict[Path, Any]) -> None:
    lost = []
    for path, page in pages.items():
        targets = [*page.xpath("//@href"), *page.xpath("//@src"), *page.xpath("//@srcset")]
        for target in targets:
            if path.name == "404.html" or re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            to = (path.parent / file.partition("?")[0]).resolve() if file else path
            to = to / "index.html" if to.is_dir() else to
            if not to.is_file() or (anchor and to in pages and not pages[to].xpath("//*[@id=$name]", name=anchor)):
                lost.append(f"{path.relative_to(site)}: {target}")
    assert lost == []


def test_no_page_asks_for_anything_from_elsewhere(site: Path, pages: dict[Path, Any]) -> None:
    asked = [
        f"{path.name}: {target}"
        for path, page in pages.items()
        for element, attribute in FETCHED
        for target in page.xpath(f"//{element}/@{attribute}")
        if re.match(r"(https?:)?//", target)
    ]
    styles = [
        path.name for path in site.rglob("*.css") if re.search(r"url\([\"']?(https?:)?//|@import", path.read_text())
    ]
    assert asked == [] and styles == []


def test_pages_have_the_lists_tables_and_code_that_code_hosts_show(pages: dict[Path, Any], site: Path) -> None:
    """Python's Markdown wants an empty line above a list and four blanks before what is nested."""
    reader = MarkdownIt().enable("table")
    unlike = []
    for path, page in pages.items():
        source = ROOT / source_of(str(path.relative_to(site).with_suffix(".md")))
        source = source if source.exists() else source.with_name("README.md")
        if path.name == "404.html":
            continue
        read = Counter(token.type for token in reader.parse(source.read_text(encoding="utf-8")))
        content = page.xpath("//article")[0]
        for element, token in BLOCKS.items():
            if len(content.xpath(f".//{element}")) != read[token]:
                unlike.append(f"{source.name}: {len(content.xpath(f'.//{element}'))} {element} of {read[token]}")
    assert unlike == []


@pytest.mark.browser
def test_the_search_finds_and_nothing_leaves_the_machine(site: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    handler = partial(_Quiet, directory=str(site))
    with running(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server, playwright.sync_playwright() as engine:
        url, asked = f"http://127.0.0.1:{server.server_address[1]}/", []
        browser = launched(engine)
        tab = browser.new_page()
        tab.on("request", lambda r: None if r.url.startswith((url, "data:", "blob:")) else asked.append(r.url))
        tab.goto(url, wait_until="networkidle")
        field, found = tab.locator("input.md-search__input"), tab.locator(".md-search-result__item").first
        for _ in range(10):  # what is typed before the page's script listens is lost on it
            field.fill("")
            field.press_sequentially("screenshot")
            with suppress(playwright.TimeoutError):
                found.wait_for(timeout=5000)
                break
        assert found.is_visible()
        browser.close()
    assert asked == []


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.mark.parametrize(
    ("source", "written", "wanted"),
    [
        ("README.md", "[a](docs/usage.md#x) ![b](docs/pictures/c.svg)", "[a](usage.md#x) ![b](pictures/c.svg)"),
        ("README.md", "[list](docs/README.md), [self](#top), [far](https://a.b/c)", None),
        ("docs/usage.md", "[home](../README.md#start) [`app.py`](../app.py)", "[home](index.md#start) `app.py`"),
        ("docs/log/2026-11.md", "[one](../decisions/0001.md)", "[one](../decisions/0001.md)"),
        ("docs/usage.md", "```\n[a](../README.md)\n```\n", "```\n[a](../README.md)\n```\n"),
        ("README.md", '<img src="docs/pictures/c.svg">', '<img src="pictures/c.svg">'),
    ],
)
def test_links_are_led_to_where_files_are_on_the_site(source: str, written: str, wanted: str | None) -> None:
    there = {"usage.md", "index.md", "pictures/c.svg", "decisions/0001.md"}
    if wanted is None:
        wanted = written.replace("docs/README.md", "index.md")
    assert with_links(written, source, lambda to: to if to in there else None) == wanted


def test_a_page_of_the_site_knows_its_file() -> None:
    assert [source_of(site) for site in OUTSIDE.values()] == list(OUTSIDE)
    assert source_of("log/README.md") == "docs/log/README.md"
