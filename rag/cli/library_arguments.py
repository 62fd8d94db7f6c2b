"""The options of commands that fill the library, order it, copy it and look after it, and of the queue of workers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.arguments import natural
from rag.cli.options import common_options, listing, priority
from rag.queue.jobs import STATES
from rag.service.roles import ROLES

if TYPE_CHECKING:
    from rag.cli.options import Commands


DOCUMENT = "name, with or without its extension, or the start of its id"


def add_library(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Documents: added, followed in folders, listed, ordered, removed, copied and looked after."""
    _add_documents(commands, common)
    _add_collections(commands)
    _add_trash(commands)
    _add_copies(commands, common)
    commands.add_parser("status", parents=[common], help="counts, encoder and generation of the index")
    doctor = commands.add_parser("doctor", parents=[common], help="what is present, and how to mend what is not")
    doctor.add_argument("--repair", action="store_true", help="read all of the index, and mend what is damaged")


def _add_documents(commands: Commands, common: argparse.ArgumentParser) -> None:
    add = commands.add_parser("add", parents=[common], help="index files, or folders of documents")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    workers = "parsing processes (default: one per core, at most 4)"
    add.add_argument("--workers", type=natural, metavar="N", help=workers)
    add.add_argument("--password", help="of encrypted PDFs; - asks for it")
    add.add_argument(
        "--collection", default="", metavar="NAME", help="put them into it; it is made where there is none"
    )

    watch = commands.add_parser("watch", parents=[common], help="follow folders: files that come, change, move and go")
    watch.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    watch.add_argument("--once", action="store_true", help="bring the index up to the folders, and end")
    watch.add_argument(
        "--emptied", action="store_true", help="a folder that is empty was emptied: its documents go, too"
    )
    commands.add_parser("list", parents=[common], help="documents in the index")
    remove = commands.add_parser("remove", parents=[common], help="take documents out; they can be taken back a while")
    remove.add_argument("--for-good", action="store_true", help="delete their files now, past the trash")
    remove.add_argument("docs", nargs="+", metavar="DOC", help=DOCUMENT)


def _add_trash(commands: Commands) -> None:
    what = listing(commands, "trash", "removed documents: list them, take them back, delete them for good")
    common = common_options(given=True)
    what.add_parser("list", parents=[common], help="the latest first, with what they take of the disk")
    back = what.add_parser("restore", parents=[common], help="take documents back, without reading them again")
    back.add_argument("docs", nargs="+", metavar="DOC", help=DOCUMENT)
    empty = what.add_parser("empty", parents=[common], help="delete all of them for good, or some")
    empty.add_argument("docs", nargs="*", metavar="DOC", help=DOCUMENT)


def _add_copies(commands: Commands, common: argparse.ArgumentParser) -> None:
    backup = commands.add_parser(
        "backup", parents=[common], help="one moment of the index into one file, while it is used"
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="to write; an earlier backup of that name is replaced")
    restore = commands.add_parser("restore", parents=[common], help="an index made of a backup again")
    restore.add_argument("file", type=Path, metavar="FILE", help="that `python -m rag backup` wrote")
    restore.add_argument("--to", type=Path, metavar="FOLDER", help="new or empty (default: the folder of the index)")
    restore.add_argument(
        "--replace", action="store_true", help="put what is in the folder aside, into a folder of its own in it"
    )
    copy = commands.add_parser("copy", parents=[common], help="the whole library to another folder or object store")
    copy.add_argument(
        "--to", required=True, metavar="TARGET", help="a new or empty folder, or s3://bucket/prefix, gs://…, az://…"
    )
    copy.add_argument(
        "--from",
        dest="source",
        metavar="SOURCE",
        help="a folder or such an address (default: the index)",
    )
    copy.add_argument(
        "--as-set",
        action="store_true",
        help="the copy has its catalogue at PAGESIGHT_STORE_URL and its files at PAGESIGHT_FILES",
    )


def add_queue(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Work for workers: put into the queue, done, looked at."""
    enqueue = commands.add_parser(
        "enqueue", parents=[common], help="have workers index files and folders (PAGESIGHT_QUEUE)"
    )
    enqueue.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    enqueue.add_argument(
        "--priority", type=priority, default=0, metavar="N", help="higher ones first, -100 to 100 (default 0)"
    )
    enqueue.add_argument(
        "--collection", default="", metavar="NAME", help="put them into it; it is made where there is none"
    )
    worker = commands.add_parser("worker", parents=[common], help="do what waits in the queue, until it is interrupted")
    worker.add_argument("--jobs", type=natural, metavar="N", help="at once (default 2)")
    worker.add_argument("--once", action="store_true", help="end when nothing waits or runs any more")
    jobs = commands.add_parser("jobs", parents=[common], help="the queue: what waits, runs, failed and is done")
    jobs.add_argument("--state", action="append", choices=STATES, default=[], help="only such (repeatable)")
    what = jobs.add_mutually_exclusive_group()
    what.add_argument("--cancel", nargs="+", metavar="ID", help="stop these, or all")
    what.add_argument("--retry", nargs="+", metavar="ID", help="have these that failed tried again, or all")
    what.add_argument("--forget", action="store_true", help="take what is done or cancelled off the list")


def _add_collections(commands: Commands) -> None:
    what = listing(commands, "collections", "named sets of documents to ask within")
    common = common_options(given=True)
    what.add_parser("list", parents=[common], help="all of them, with their documents")
    create = what.add_parser("create", parents=[common], help="a new one, with these documents")
    rename = what.add_parser("rename", parents=[common], help="give one another name")
    delete = what.add_parser("delete", parents=[common], help="forget one; its documents stay in the library")
    put = what.add_parser("put", parents=[common], help="documents into one")
    take = what.add_parser("take", parents=[common], help="documents out of one; they stay in the library")
    for parser_ in (create, rename, delete, put, take):
        parser_.add_argument("name", metavar="NAME", help="of the collection")
    rename.add_argument("new", metavar="NEW", help="its new name")
    for parser_, count in ((create, "*"), (put, "+"), (take, "+")):
        parser_.add_argument("docs", nargs=count, metavar="DOC", help="name or start of the id of a document")
    _add_rights(what, common)


def name_members(parser_: argparse.ArgumentParser) -> None:
    """Options that name users and tokens."""
    for option, shown, where in (
        ("user", "USER", "of `user list`, of an --auth file or of a proxy"),
        ("token", "TOKEN", "of `token list`"),
    ):
        parser_.add_argument(f"--{option}", action="append", default=[], metavar=shown, help=f"{where} (repeatable)")


def _add_rights(what: Commands, common: argparse.ArgumentParser) -> None:
    for word, meaning in (
        ("restrict", "only admins and those named may see it and its documents"),
        ("allow", "those named may see it, too"),
        ("deny", "those named may not see it any more"),
        ("unrestrict", "everybody may see it again"),
    ):
        parser_ = what.add_parser(word, parents=[common], help=meaning)
        parser_.add_argument("name", metavar="NAME", help="of the collection")
        if word == "unrestrict":
            continue
        name_members(parser_)
        parser_.add_argument(
            "--group", action="append", default=[], metavar="GROUP", help="of `group list` (repeatable)"
        )
        parser_.add_argument(
            "--role", action="append", default=[], choices=ROLES, help="all who sign in with at least this role"
        )
