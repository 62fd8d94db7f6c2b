"""What README and docs/ point at is there: files, headings, modules, functions, settings, packages, commands."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app import parser as app_parser
from ingestion.__main__ import _parser as ingestion_parser
from ingestion.settings import variable
from rag.cli.arguments import parser as rag_parser
from rag.config import Settings
from tools.pictures import ALL, HEAVIEST

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "sample_docs" / "README.md"])
ARCHITECTURE = ROOT / "docs" / "architecture.md"
NAMED = re.compile(
    r"^((?:app|pagesight|(?:rag|ingestion|ui|tests|benchmarks|tools)/[\w/]+)\.(?:py|sql|json|js))(?::([\w.]+))?$"
)
"""A file, or a file and a function, class or method in it: `rag/index.py:Index.add`."""
PATH = re.compile(
    r"(?<![\w/.-])(?:rag|ingestion|ui|tests|tools|benchmarks|findings|sample_docs|docs)/[\w/-]*\w(?:\.\w+)?"
)
OPTION = re.compile(r"PAGESIGHT_[A-Z_]+\b(?!\*)")
ELSEWHERE = {"PAGESIGHT_EVAL_DIR"}  # of the tests, not a setting


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@cache
def inline(page: Path) -> tuple[tuple[str, str], ...]:
    """Types and contents of the page's inline tokens: links by their target, code by its text; and headings."""
    return tuple(_inline(MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8"))))


def _inline(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    opening = ""
    for token in tokens:
        if opening == "heading_open":
            yield "heading", token.content
        opening = token.type
        for child in token.children or ():
            if child.type == "link_open":
                yield "link", str(child.attrGet("href"))
            elif child.type == "code_inline":
                yield "code", child.content


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as code hosts make them."""
    headings = (text for kind, text in inline(page) if kind == "heading")
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


@cache
def names_in(module: Path) -> frozenset[str]:
    """Functions, classes, constants and what a module passes on; what is in a class behind its name and a dot."""
    return frozenset(_names(ast.parse(module.read_text(encoding="utf-8")), ""))


def _names(node: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield prefix + child.name
        if isinstance(child, ast.ClassDef):
            yield from _names(child, f"{prefix}{child.name}.")
        if isinstance(child, ast.ImportFrom):
            yield from (prefix + alias.asname for alias in child.names if alias.asname)
        if isinstance(child, ast.Assign | ast.AnnAssign):
            yield from (prefix + name for name in assigned(child))


def assigned(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_to_files_and_headings_that_are_there(page: Path) -> None:
    lost = []
    for kind, target in inline(page):
        if kind == "link" and not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            to = (page.parent / path).resolve() if path else page
            if not to.exists() or (anchor and anchor not in anchors(to)):
                lost.append(target)
    assert not lost


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name != "log"], ids=named)
def test_files_functions_and_settings_that_are_named_exist(page: Path) -> None:
    """The log is left out, and what the changelog says of released versions: things had other names then."""
    text = page.read_text(encoding="utf-8")
    text = text[: text.find("\n## 0.")] if page.name == "CHANGELOG.md" else text
    code = [NAMED.match(said) for kind, said in inline(page) if kind == "code" and f"`{said}`" in text]
    functions = [(ROOT / found[1], found[2]) for found in code if found and found[2]]
    assert [name for path, name in functions if not path.exists() or name not in names_in(path)] == []
    assert [path for path in PATH.findall(text) if not (ROOT / path).exists()] == []
    assert {*OPTION.findall(text)} <= {variable(one.name) for one in fields(Settings)} | ELSEWHERE


def test_what_the_changelog_says_has_moved_is_where_it_says() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("\n## 0.")[0]
    moved = re.findall(r"^ *\| `(?!was)[^|]+ \| ([^|]+) \|$", text, re.MULTILINE)
    names = [name for cell in moved for name in re.findall(r"`([\w.]+)`", cell)]
    assert names
    for name in names:
        module, _, last = name.rpartition(".")
        if not (ROOT / f"{name.replace('.', '/')}.py").exists():
            assert last in names_in(ROOT / f"{module.replace('.', '/')}.py"), name


@pytest.mark.parametrize("package", ["rag", "ingestion"])
def test_the_architecture_names_every_package(package: str) -> None:
    said = ARCHITECTURE.read_text(encoding="utf-8")
    inside = [path.parent.relative_to(ROOT) for path in sorted((ROOT / package).rglob("__init__.py"))]
    assert [f"{name}/" for name in inside if f"`{name}/`" not in said] == []


def test_the_architecture_has_the_floors_of_today() -> None:
    """As a block: the highest floor first, a line per floor, ingestion's below rag's."""
    source = (ROOT / "tests" / "test_imports.py").read_text(encoding="utf-8")
    held = next(node for node in ast.parse(source).body if isinstance(node, ast.Assign) and "FLOORS" in assigned(node))
    lines = [" · ".join(units) for units in reversed(ast.literal_eval(held.value))]
    assert "\n".join(lines) in ARCHITECTURE.read_text(encoding="utf-8")


def test_the_readme_is_for_one_sitting() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 250


def test_commands_of_make_that_are_named_exist() -> None:
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        if page.parent.name != "log":
            for words in re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8")):
                assert words in made, f"{page.name}: make {words}"


def test_every_page_of_docs_is_in_a_list_of_pages() -> None:
    """That of its folder, or docs/README.md."""
    for page in (ROOT / "docs").rglob("*.md"):
        lists = (page.parent / "README.md", ROOT / "docs" / "README.md")
        links = [
            (at.parent / to.partition("#")[0]).resolve() for at in lists for kind, to in inline(at) if kind == "link"
        ]
        assert page.name == "README.md" or page in links, page


def shown(page: Path) -> Iterator[list[str]]:
    """The commands of the page's code, each as its words; without what comes before it in a pipe, or after it."""
    for token in MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8")):
        if token.type == "fence" and token.info in ("sh", "bash"):
            for line in token.content.replace("\\\n", " ").splitlines():
                yield from (words for words in _simple(line) if words)


def _simple(line: str) -> Iterator[list[str]]:
    """The simple commands of a line, without the variables that are set before them."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, "#"
    words: list[str] = []
    for word in lexer:
        if set(word) <= set("();<>|&"):
            yield words
            words = []
        elif words or not re.match(r"\w+=", word):
            words.append(word)
    yield words


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name != "log"], ids=named)
def test_commands_that_are_shown_are_understood(page: Path) -> None:
    """Their options and how many words they take; what they are given need not be there."""
    parsers = {
        ("python", "app.py"): app_parser("python app.py"),
        ("python", "-m", "rag"): rag_parser(),
        ("python", "-m", "ingestion"): ingestion_parser("python -m ingestion"),
    }
    wrong = []
    for words in shown(page):
        for command, parser in parsers.items():
            if tuple(words[: len(command)]) == command:
                try:
                    parser.parse_args(words[len(command) :])
                except SystemExit as exc:
                    wrong += [" ".join(words)] if exc.code else []
    assert wrong == []


def test_every_page_of_docs_has_a_place_on_the_site() -> None:
    """In the navigation of `mkdocs.yml`, or among the pages that it leaves to lists of their own."""
    site = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    without = [folder for folder in ("decisions", "log") if re.search(rf"^  /{folder}/", site, re.MULTILINE)]
    pages = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]
    outside = [Path(name) for name in ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md") if (ROOT / name).exists()]
    lost = [
        str(path)
        for path in pages + outside
        if not re.search(rf"^ +- [^#\n]*: {re.escape(str(path))}$", site, re.MULTILINE)
        and path != Path("README.md")
        and not (path.parent.name in without and path.name != "README.md")
    ]
    assert lost == []


def test_pictures_in_html_are_there_and_light() -> None:
    """Those of `<picture>`, which Markdown does not see: each in both themes, with words for who does not see it."""
    pictures = ROOT / "docs" / "pictures"
    shown = set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for html in re.findall(r"<picture>.*?</picture>", text, re.DOTALL):
            files = [(page.parent / to).resolve() for to in re.findall(r'(?:src|srcset)="([^"]+)"', html)]
            dark, light = sorted(file.relative_to(pictures).stem.rpartition("-")[0::2] for file in files)
            assert (dark[0], dark[1], light[1]) == (light[0], "dark", "light"), page
            assert 'media="(prefers-color-scheme: dark)"' in html and re.search(r'alt="[^"]{20,}"', html), page
            shown.update(files)
    assert shown == set(pictures.glob("*.webp"))
    assert all(file.stat().st_size <= HEAVIEST for file in shown)
    assert sum(file.stat().st_size for file in pictures.iterdir()) <= ALL
