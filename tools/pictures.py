"""Takes the pictures of the README and the docs: ``python tools/pictures.py`` (``make pictures``).

Starts ``app.py`` on the sample documents with an index in a temporary folder, without a model, and drives an installed
Chromium as a person would. Each shot is taken in the light and the dark theme and goes to ``docs/pictures/`` as
``NAME-light.webp`` and ``NAME-dark.webp``. A picture that is too heavy for a README fails the run.
"""

from __future__ import annotations

import argparse
import io
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
SCHEMES = ("light", "dark")
QUALITY = 80  # of WebP: small print of a page in the picture stays readable
HEAVIEST = 150_000  # bytes of one picture
ALL = 1_500_000  # bytes of all of them
PATIENCE = 300.0  # seconds until the samples are read, and for whatever the page is waited for
SETTLED = 800  # milliseconds after the last thing waited for: pictures fade in, lists close

MANUAL = "aurora-800-service-manual.pdf"
SCREENSHOT = ROOT / "sample_docs" / "screenshot.png"


class Shot(NamedTuple):
    """A picture: its name, the window's width and height, pixels per CSS pixel, and what is done before it is taken."""

    name: str
    width: int
    height: int
    scale: float
    act: Callable[[Any], None]


def answer(tab: Any) -> None:
    """A question about a table: the row is quoted, and marked on its page."""
    _ask(tab, "What does error code E6 mean?")
    _page_is_there(tab)


def screenshot(tab: Any) -> None:
    """A question with a screenshot: the figure it was taken from, and the row that answers."""
    tab.locator("#ps-box input[type=file]").set_input_files(SCREENSHOT)
    tab.locator("#ps-box img").first.wait_for()
    _ask(tab, "Which colour has wire W10 in this diagram?")
    _page_is_there(tab)
    tab.locator("#ps-chat .user img").first.scroll_into_view_if_needed()


def reader(tab: Any) -> None:
    """A page of a document as it was understood, with its elements outlined."""
    tab.get_by_label(f"Open {MANUAL}").click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Zoom", exact=True).select_option("page")
    field = dialog.get_by_label("Page", exact=True)
    field.fill("8")
    field.press("Enter")
    dialog.get_by_role("button", name="Understood").click()
    tab.wait_for_function("() => document.querySelector('.ps-rp[data-page=\"8\"] img')?.naturalWidth > 50")


def phone(tab: Any) -> None:
    """An answer on a phone, with its evidence drawn up."""
    answer(tab)
    tab.locator('#ps-chat a[href^="#cite-1-"]').first.click()


SHOTS = (
    Shot("answer", 1280, 800, 1.5, answer),
    Shot("screenshot", 1280, 960, 1.25, screenshot),
    Shot("reader", 1280, 800, 1.25, reader),
    Shot("phone", 390, 844, 1.5, phone),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Take all pictures, or those that are named. Exit code 1 where one is too heavy."""
    parser = argparse.ArgumentParser(prog="python tools/pictures.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(shot.name for shot in SHOTS)}")
    parser.add_argument("--out", type=Path, default=PICTURES, metavar="DIR", help="default docs/pictures")
    options = parser.parse_args(argv)
    if unknown := set(options.names) - {shot.name for shot in SHOTS}:
        parser.error(f"there is no picture {', '.join(sorted(unknown))}")
    wanted = [shot for shot in SHOTS if not options.names or shot.name in options.names]
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, app(Path(folder)) as url, browser() as engine:
        for shot in wanted:
            for scheme in SCHEMES:
                file = options.out / f"{shot.name}-{scheme}.webp"
                file.write_bytes(_webp(_taken(engine, url, shot, scheme)))
                print(f"{file.name}: {file.stat().st_size // 1000} kB", flush=True)
    return _too_heavy(options.out)


@contextmanager
def app(folder: Path) -> Iterator[str]:
    """The app on the samples, as it is with nothing set; yields its address once search is ready."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    log = folder / "app.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGESIGHT_")}
    command = [sys.executable, "app.py", "--index", str(folder / "index"), "--port", port]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + PATIENCE
        while "Search is ready." not in log.read_text(encoding="utf-8"):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the app did not start:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextmanager
def browser() -> Iterator[Any]:
    """An installed Chromium, driven by playwright."""
    from playwright.sync_api import sync_playwright

    found = next((path for path in BROWSERS if Path(path).is_file()), None)
    if found is None:
        raise SystemExit(f"install Chromium: there is none of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield engine
        engine.close()


def _taken(engine: Any, url: str, shot: Shot, scheme: str) -> bytes:
    """A PNG, by a person whom the app has not seen before."""
    context = engine.new_context(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=shot.scale,
        color_scheme=scheme,
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE * 1000)
    tab = context.new_page()
    tab.goto(url)
    tab.locator("#ps-documents .ps-document").nth(2).wait_for(state="attached")
    shot.act(tab)
    tab.mouse.move(0, 0)
    tab.wait_for_timeout(SETTLED)
    picture: bytes = tab.screenshot()
    context.close()
    return picture


def _ask(tab: Any, question: str) -> None:
    tab.locator("#ps-box textarea").fill(question)
    tab.locator("#ps-box textarea").press("Enter")
    tab.locator("#ps-chat .ps-strip img").last.wait_for()


def _page_is_there(tab: Any) -> None:
    """Of the evidence; on a phone it lies below what is seen."""
    tab.wait_for_function("() => document.querySelector('.ps-sheet img')?.naturalWidth > 50")


def _webp(png: bytes) -> bytes:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(buffer, "WEBP", quality=QUALITY, method=6)
    return buffer.getvalue()


def _too_heavy(folder: Path) -> int:
    """1 where a README would load slowly, with a line on stderr."""
    sizes = {file.name: file.stat().st_size for file in sorted(folder.iterdir()) if file.is_file()}
    heavy = [f"{name} has {size:,} bytes, more than {HEAVIEST:,}" for name, size in sizes.items() if size > HEAVIEST]
    if sum(sizes.values()) > ALL:
        heavy.append(f"all of {folder} have {sum(sizes.values()):,} bytes, more than {ALL:,}")
    for line in heavy:
        print(f"{line}: lower QUALITY or the shot's scale", file=sys.stderr)
    return int(bool(heavy))


if __name__ == "__main__":
    sys.exit(main())
