"""Hooks of MkDocs (``mkdocs.yml``): the repository as a site, although its pages are written for code hosts first.

- ``README.md``, ``CONTRIBUTING.md`` and their like stand outside ``docs/``. They become pages; README is the first one.
- Links lead from page to page of the site. One to a file that is no page, such as a script, becomes its words alone.
- Headings get the anchors that code hosts give them, so that a link to one holds in both places.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from markdown import Markdown
from markdown.extensions import Extension
from pymdownx.slugs import slugify

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
FIRST = "index.md"
OUTSIDE = {"README.md": FIRST} | {name: name for name in ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")}
"""Files of the root that become pages, as far as they are there, with their names on the site."""
LIST = "docs/README.md"  # of pages, for code hosts; links to it lead to the first page

FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?P<image>!?)\[(?P<words>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<to>[^)\s]+)\)")
ATTRIBUTE = re.compile(r'(?P<name>src|srcset)="(?P<to>[^"]+)"')


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Anchors, and lists within lists, as code hosts make them."""
    config.mdx_configs["toc"]["slugify"] = slugify(case="lower")
    config.markdown_extensions.insert(0, Nested())  # before what others add to the parser
    return config


class Nested(Extension):  # type: ignore[misc]  # the library has no types
    """What is three blanks in is within ``1. …``; Python's Markdown wants four."""

    def extendMarkdown(self, md: Markdown) -> None:  # the name is the library's
        """Called by the library."""
        md.tab_length = 3
        md.build_parser()


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand outside ``docs/``."""
    from mkdocs.structure.files import File

    for name, here in OUTSIDE.items():
        if (ROOT / name).exists():
            files.append(File.generated(config, here, content=(ROOT / name).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links to where their files are on the site."""
    pages = {file.src_uri for file in files}
    return with_links(markdown, source_of(page.file.src_uri), lambda to: to if to in pages else None)


def source_of(here: str) -> str:
    """The file of the repository that a page of the site was made from."""
    return next((name for name, site in OUTSIDE.items() if site == here), f"docs/{here}")


def with_links(markdown: str, source: str, found: Callable[[str], str | None]) -> str:
    """``markdown`` of the file ``source`` with every link to a file as it is on the site.

    ``found`` gives back a name on the site that is there, and None for one that is not.
    """
    here = _on_site(source)

    def moved(to: str) -> str | None:
        path, mark, anchor = to.partition("#")
        if not path or re.match(r"[a-z]+:", to):
            return to
        target = found(_on_site(posixpath.normpath(posixpath.join(posixpath.dirname(source), path))))
        return None if target is None else posixpath.relpath(target, posixpath.dirname(here) or ".") + mark + anchor

    def link(match: re.Match[str]) -> str:
        to = moved(match["to"])
        return match["words"] if to is None else f"{match['image']}[{match['words']}]({to})"

    def attribute(match: re.Match[str]) -> str:
        return f'{match["name"]}="{moved(match["to"]) or match["to"]}"'

    def rewritten(text: str) -> str:
        return ATTRIBUTE.sub(attribute, LINK.sub(link, text))

    parts, at = [], 0
    for fence in FENCE.finditer(markdown):
        parts += [rewritten(markdown[at : fence.start()]), fence[0]]
        at = fence.end()
    return "".join([*parts, rewritten(markdown[at:])])


def _on_site(source: str) -> str:
    """Where a file of the repository would be on the site."""
    return FIRST if source == LIST else OUTSIDE.get(source, source.removeprefix("docs/"))
