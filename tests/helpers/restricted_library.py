"""A running app with a document that only some may see, and what would tell others of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import gradio as gr

from rag.config import Settings
from rag.index import Index
from rag.service.rights import rights_of
from rag.service.tokens import Tokens
from rag.service.users import Users
from rag.storage.records import collections
from ui import layout
from ui.addresses.programs import Programs
from ui.events.handlers import Handlers
from ui.people.access import Access
from ui.people.accounts import Accounts
from ui.state.backend import Library

MakePdf = Callable[..., Path]
PASSWORD = "correct horse"
NAME = "payroll-zanzibar.pdf"
SECRET = "The quantum flange of Zanzibar is torqued to 91 newton metres by Ms Okonkwo."
QUESTION = "How is the quantum flange of Zanzibar torqued?"
TRACES = ("zanzibar", "okonkwo", "91 newton", "personnel")
"""Of the hidden document and its collection: nowhere in what others are sent, in any case of letters. What was asked is
repeated, so :data:`QUESTION` is told apart by :func:`traces`."""
RIGHTFUL, OTHERS = ("ann", "rita"), ("ed", "rea")


class Running(NamedTuple):
    """The app with a library of two documents, one of them in a restricted collection."""

    page: gr.Blocks
    library: Library
    users: Users
    tokens: dict[str, str]
    open_doc: str
    doc: str
    chunk: str
    collection: str
    file: Path

    def url(self, path: str = "") -> str:
        return f"{self.page.local_url}{path}"


@contextmanager
def restricted(folder: Path, store_url: str, make_pdf: MakePdf, port: int) -> Iterator[Running]:
    """The app, running, with the documents in ``folder``."""
    settings = Settings(index=folder / "index", encoder="builtin", words="static", workers=1, store_url=store_url)
    plain = make_pdf(folder / "pumps.pdf", "The pump is primed with water. Its valve opens at 4 bar.")
    secret = make_pdf(folder / NAME, SECRET)
    with Index.open(settings, create=True) as index:
        open_doc, doc = (added.doc_id for added in index.add([plain, secret]))
        made = collections.create(index.catalogue, "Personnel")
        collections.put(index.catalogue, made.id, [doc])
        collections.restrict(index.catalogue, made.id, rights_of(users=["rita"], tokens=["allowed"]))
        users, tokens = Users(index.root, index.catalogue), Tokens(index.root, index.catalogue)
        users.add("ann", "admin", PASSWORD)
        known = users.find("ann")
        assert known is not None
        for name, role in (("ed", "editor"), ("rea", "reader"), ("rita", "reader")):
            users.add(name, role, None)  # type: ignore[arg-type]
            users._replace(name, hash=known.hash)  # the same password; a hash takes its time
        secrets = {name: tokens.add(name, "editor") for name in ("allowed", "other")}
        library = Library(index, None, settings)
        access = Access(Accounts({}, pause=0.0, users=users), alone=False)
        handlers = Handlers(library, (), access)
        page = layout.build(library, handlers)
        programs = Programs(library, handlers.uploads.queues, open_here=False)
        assert access.accounts is not None
        options = layout.launch_options(library, handlers, programs)
        page.launch(server_name="127.0.0.1", server_port=port, auth=access.accounts.check, **options)
        chunk = next(c.id for c in index.catalogue.chunks_of(doc) if c.kind == "text")
        yield Running(page, library, users, secrets, open_doc, doc, chunk, made.id, secret)
        page.close(verbose=False)
        programs.stop()
        handlers.uploads.stop(10)
        library.conversations.stop()


def traces(text: str) -> list[str]:
    """What of the hidden document stands in a reply; a question that is repeated is no trace."""
    said = text.replace(json.dumps(QUESTION)[1:-1], "").replace(QUESTION, "").lower()
    return [word for word in TRACES if word in said]
