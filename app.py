"""The app: ``python app.py``, then open the address it prints.

Enters: options and ``PAGESIGHT_*``. Leaves: a running server. Must not know: how the page looks (``ui/``), how
answers come about (``rag/``). Options are in ``python app.py --help``.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from ingestion.errors import IngestionError
from rag.bars import Bars
from rag.config import Settings, quiet
from rag.errors import BadSettings, RagError
from rag.index import Index
from ui import samples
from ui.accounts import Accounts
from ui.backend import Library

if TYPE_CHECKING:
    from gradio import Blocks

quiet()

LOCAL = ("127.0.0.1", "localhost", "::1")
STOP_WAIT = 10.0  # seconds a running upload is given to leave the index in order


def main(argv: Sequence[str] | None = None) -> int:
    """Run until stopped. Every failure is one line on stderr and exit code 1."""
    options = parser().parse_args(argv)
    try:
        return serve(options, Settings.from_environment(index=options.index))
    except KeyboardInterrupt:
        return 0
    except (RagError, IngestionError, OSError) as exc:
        print(" ".join(str(exc).split()), file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python app.py", description="A chat for PDFs that shows its evidence.")
    top.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for the whole network")
    top.add_argument("--port", type=int, default=7860, help="port to listen on (default 7860)")
    top.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default .pagesight)")
    top.add_argument("--auth", type=Path, metavar="FILE", help="who may sign in: a line user:password each")
    top.add_argument("--share", action="store_true", help="also a public address, through Gradio's servers")
    top.add_argument(
        "--samples",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="index the sample documents where the index is empty, and offer their questions",
    )
    return top


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """Open the parts, build the page, serve it until told to stop."""
    signal.signal(signal.SIGTERM, _interrupt)
    accounts = Accounts.read(options.auth) if options.auth else None
    if accounts is None and (options.share or options.host not in LOCAL):
        print("Anyone who reaches this address can read and remove documents; --auth FILE asks for a password.")
    print("Starting …", flush=True)

    from rag.llm import open_llm
    from ui import layout  # brings Gradio, 3 s: after the options were found to be right
    from ui.handlers import Handlers

    with Bars() as bars, Index.open(settings, create=True, progress=bars) as index:
        library = Library(index, open_llm(settings), settings)
        print(f"Encoder: {library.encoder()} ({library.encoder_reason()})")
        print(f"Answers: {library.answerer() or 'quoted, no model is configured'}", flush=True)
        if options.samples and not library.documents():
            _index_samples(index, bars)
        names = {row.name for row in library.documents()}
        handlers = Handlers(library, samples.offered(names) if options.samples else ())
        page = layout.build(library, handlers)
        try:
            address = _launch(page, layout.launch_options(library, handlers), options, accounts)
            print(f"PageSight answers at {address} (Ctrl-C stops it)", flush=True)
            threading.Event().wait()
        finally:
            print("Stopping …", flush=True)
            handlers.stop_uploads(STOP_WAIT)
            page.close(verbose=False)
    return 0


def _index_samples(index: Index, bars: Bars) -> None:
    """The first start: a library to try. A sample that fails is said and left out."""
    paths = samples.pdfs()
    bars.line(f"Indexing {len(paths)} sample documents, once (--no-samples starts with an empty library)")
    for added in index.add(paths, progress=bars):
        bars.line(f"  {added.name}: {added.error or f'{added.pages} pages'}")
    bars.close()


def _launch(page: Blocks, launch: Mapping[str, Any], options: argparse.Namespace, accounts: Accounts | None) -> str:
    """Start the server; its address. Raises :class:`BadSettings` where it cannot listen."""
    _no_proxy_for_ourselves()
    try:
        _, local, shared = page.launch(
            server_name=options.host, server_port=options.port, share=options.share, auth=accounts, **launch
        )
    except OSError as exc:
        raise BadSettings(
            f"Cannot listen on {options.host}, port {options.port}: it is in use or not allowed; "
            "choose another with --port or --host"
        ) from exc
    return str(shared or local)


def _no_proxy_for_ourselves() -> None:
    """Gradio asks its own address once at the start; a proxy from the environment would get that request."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name, ""), *LOCAL]))


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """SIGTERM stops like Ctrl-C: the index is closed in order."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
