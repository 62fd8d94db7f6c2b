"""The app: ``python app.py``, then open the address it prints. Options are in ``python app.py --help``.

How the page looks is in ``ui/``, how answers come about in ``rag/``.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from ingestion.errors import IngestionError
from rag.cli.progress import Bars
from rag.config import Settings, quiet
from rag.errors import BadSettings, RagError
from rag.index import Index
from rag.monitoring.running import watched
from rag.service.callers import asking, local_program
from rag.service.credentials import opened
from rag.service.priority import give_way
from rag.service.roles import ROLES
from rag.service.users import Users
from ui.people.access import WINDOW as DEMO_WINDOW
from ui.people.access import Access, Questions
from ui.people.accounts import MOST_WRONG, WINDOW, Accounts
from ui.people.proxy_sign_in import LOCAL_PROXIES, Proxy
from ui.state import samples
from ui.state.readiness import OPENING

if TYPE_CHECKING:
    from gradio import Blocks

    from ui.events.handlers import Handlers
    from ui.state.backend import Library

quiet()

LOCAL = ("127.0.0.1", "localhost", "::1")
LOGIN_WORDS = (
    "<b>PageSight</b> – answers that show their evidence. Sign in to go on. "
    f"After {MOST_WRONG} wrong passwords signing in is closed to an address for {WINDOW / 60:.0f} minutes."
)
QUESTIONS = 20  # of one address in a demo's window
STOP_WAIT = 10.0  # seconds a running upload is given to leave the index in order


def main(argv: Sequence[str] | None = None, prog: str = "python app.py") -> int:
    """Run until stopped. Every failure is one line on stderr and exit code 1."""
    options = parser(prog).parse_args(argv)
    try:
        settings = Settings.from_environment(index=options.index)
        with watched(settings.log, settings.log_content == "on"):
            return serve(options, settings)
    except KeyboardInterrupt:
        return 0
    except (RagError, IngestionError, OSError) as exc:
        print(" ".join(str(exc).split()), file=sys.stderr)
        return 1


def parser(prog: str) -> argparse.ArgumentParser:
    """The options; ``prog`` is the command as it was called."""
    top = argparse.ArgumentParser(prog=prog, description="A chat for PDFs that shows its evidence.")
    top.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for the whole network")
    top.add_argument("--port", type=_port, default=7860, help="port to listen on (default 7860)")
    top.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default .pagesight)")
    top.add_argument(
        "--auth", type=Path, metavar="FILE", help="who may sign in as an editor: a line user:password each"
    )
    top.add_argument("--auth-header", metavar="NAME", help="a header in which a proxy names whom it has signed in")
    top.add_argument(
        "--auth-proxy",
        action="append",
        metavar="ADDRESS",
        help="the proxy's address or network, for --auth-header (repeatable; default: this machine)",
    )
    top.add_argument(
        "--auth-header-role",
        choices=ROLES,
        default="reader",
        help="of people whom only the proxy knows (default reader)",
    )
    top.add_argument("--open", action="store_true", help="let everybody in, also where others reach the address")
    top.add_argument("--demo", action="store_true", help="everybody only reads and asks, nothing is added or kept")
    top.add_argument(
        "--demo-questions",
        type=_number,
        default=QUESTIONS,
        metavar="N",
        help=f"of one address in {DEMO_WINDOW / 60:.0f} minutes of a demo (default {QUESTIONS})",
    )
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
    _check_free(options)
    with opened(settings) as catalogue:
        return _serve(options, settings, access_of(options, Users(settings.index, catalogue)))


def _serve(options: argparse.Namespace, settings: Settings, access: Access) -> int:
    print("Starting …", flush=True)

    from ui import layout  # brings Gradio, 2 s: after the options were found to be right
    from ui.addresses.programs import Programs
    from ui.events.handlers import Handlers
    from ui.state.backend import Library
    from ui.state.watching import Watching

    with Bars() as bars, Index.open(settings, create=True, progress=bars) as index:
        library = Library(index, None, settings)
        library.models.restore()
        if library.models.now().problem:
            print(library.models.now().problem, file=sys.stderr, flush=True)
        library.readiness.words = OPENING
        handlers = Handlers(library, samples.questions() if options.samples else (), access)
        here = access.alone and options.host in LOCAL
        programs = Programs(library, handlers.uploads.queues, open_here=here)
        watching = Watching(index, settings)
        library.readiness.watched = watching.news
        page = layout.build(library, handlers)
        try:
            address = _launch(page, layout.launch_options(library, handlers, programs), options, access.accounts)
            print(f"PageSight answers at {address} (Ctrl-C stops it)", flush=True)
            _get_ready(library, handlers, options.samples, bars)
            if waiting := handlers.uploads.resume():
                print(f"{waiting} uploaded files that were not added when the app stopped are added now", flush=True)
            watching.start()
            threading.Event().wait()
        finally:
            print("Stopping …", flush=True)
            watching.stop(STOP_WAIT)
            library.upkeep.stop(STOP_WAIT)
            handlers.uploads.stop(STOP_WAIT)
            library.answers.stop(STOP_WAIT)
            library.beside.stop(STOP_WAIT)
            page.close(verbose=False)
            programs.stop()
            library.conversations.stop()
            library.queue.close()
    return 0


def access_of(options: argparse.Namespace, users: Users) -> Access:
    """Who may do what, as the options and the users of the library say.

    Raises :class:`BadSettings`, also where others reach the address, everybody would be let in, and nobody has said
    that this is meant.
    """
    public = options.share or options.host not in LOCAL
    signing_in = options.auth or options.auth_header or users.listed()
    if options.demo:
        if options.auth or options.auth_header:
            raise BadSettings("--demo lets everybody read and ask; leave out --auth and --auth-header, or --demo")
        return Access(alone=False, demo=Questions(options.demo_questions))
    if not signing_in:
        if public and not options.open:
            raise BadSettings(
                f"Anybody who reaches {'the shared address' if options.share else options.host} could read, add and "
                "remove documents. Make users (`python -m rag user add NAME --role admin`), give --auth FILE or "
                "--auth-header, or say --open if everybody is meant, --demo if they are only to read and ask"
            )
        return Access(alone=not options.share)
    proxy = Proxy(options.auth_header, tuple(options.auth_proxy or LOCAL_PROXIES)) if options.auth_header else None
    role = options.auth_header_role if proxy else None
    accounts = Accounts.read(options.auth, users, role) if options.auth else Accounts({}, users=users, by_proxy=role)
    return Access(accounts, alone=False, proxy=proxy)


def _get_ready(library: Library, handlers: Handlers, with_samples: bool, bars: Bars) -> None:
    """What takes long, with the page up: the encoder, whose libraries alone take seconds, and on a first start the
    samples. Raises what opening the encoder raises: without it nothing can be asked or added."""
    reason = library.encoder_reason()  # opens it
    print(f"Encoder: {library.encoder()} ({reason})")
    print(f"Answers: {library.answerer() or 'quoted, no model is set up'}", flush=True)
    if with_samples and not library.index.catalogue.ids():
        _index_samples(library, bars)
    with asking(local_program()):
        handlers.suggestions.of_now(1)  # their words are looked up before somebody waits for them
    library.readiness.words = ""
    print("Search is ready.", flush=True)


def _index_samples(library: Library, bars: Bars) -> None:
    """The first start: a library to try. A sample that fails is said and left out."""
    paths, index = samples.pdfs(), library.index
    library.readiness.words = (
        f"{len(paths)} sample documents are being read; each can be asked about as soon as it is listed."
    )
    give_way()  # this thread only waits afterwards
    bars.line(f"Indexing {len(paths)} sample documents, once (--no-samples starts with an empty library)")
    for added in index.add(paths, progress=bars):
        bars.line(f"  {added.name}: {added.error or f'{added.pages} pages'}")
    bars.close()


def _launch(page: Blocks, launch: Mapping[str, Any], options: argparse.Namespace, accounts: Accounts | None) -> str:
    """Start the server; its address. Raises :class:`BadSettings` where it cannot listen."""
    _no_proxy_for_ourselves()
    try:
        _, local, shared = page.launch(
            server_name=options.host,
            server_port=options.port,
            share=options.share,
            auth=accounts.check if accounts else None,
            auth_message=LOGIN_WORDS if accounts else None,
            **launch,
        )
    except OSError as exc:
        raise _taken(options) from exc
    return str(shared or local)


def _check_free(options: argparse.Namespace) -> None:
    """Whether the port can be had, asked before minutes are spent on reading. Raises :class:`BadSettings`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            options.host, options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as exc:
        raise BadSettings(f"--host {options.host} is no address of this machine ({exc})") from exc
    with closing(socket.socket(family, kind, protocol)) as probe:
        if os.name == "posix":  # as the server does: the port of one that has just stopped is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as exc:
            raise _taken(options) from exc


def _taken(options: argparse.Namespace) -> BadSettings:
    return BadSettings(
        f"Cannot listen on {options.host}, port {options.port}: it is in use or not allowed; "
        "choose another with --port or --host"
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 1 to 65535")
    return int(text)


def _number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 1,000,000")
    return int(text)


def _no_proxy_for_ourselves() -> None:
    """Gradio asks its own address once at the start; a proxy from the environment would get that request."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name, ""), *LOCAL]))


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """SIGTERM stops like Ctrl-C: the index is closed in order."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
