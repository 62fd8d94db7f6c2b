"""The options of every command. What the commands do stands in :mod:`rag.cli.commands`.

A word that is no option, number or range of pages ends here, with exit code 2 and a line that says what is expected.
"""

from __future__ import annotations

import argparse
import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast, get_args

from ingestion.arguments import natural, page_range
from ingestion.elements import ChunkKind
from rag.evaluation.compare import FLIP, FLIPS
from rag.evaluation.made_questions import WAYS
from rag.queue.jobs import MOST_PRIORITY, STATES
from rag.service.roles import ROLES
from rag.types import CHANNELS

KINDS = get_args(ChunkKind)
_NO_CHOICE = re.compile(r"invalid choice: '([^']*)' \(choose from (.*)\)$", re.DOTALL)
_CHOICE = re.compile(r"[\w.-]+")

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


class _Parser(argparse.ArgumentParser):
    """Says which word was probably meant where one is none of its choices."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        wrong = _NO_CHOICE.search(message)
        near = difflib.get_close_matches(wrong[1], _CHOICE.findall(wrong[2]), n=1) if wrong else []
        if wrong and near:
            message = f"{message[: wrong.start()]}there is no {wrong[1]!r}; did you mean {near[0]}?"
        super().error(message)


def parser(prog: str = "python -m rag", further: str = "") -> argparse.ArgumentParser:
    """All commands and their options; ``prog`` is the command as it was called, ``further`` what it can do beside."""
    top = _Parser(
        prog=prog,
        description="Ask your PDFs; every answer shows its evidence. `python app.py` is the app.",
        epilog=further,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = cast("Commands", top.add_subparsers(dest="command", required=True, metavar="COMMAND"))
    common = _common()

    _add_library(commands, common)
    _add_queue(commands, common)
    _add_generations(commands, common)
    _add_asking(commands, common)
    _add_conversations(commands, common)
    _add_programs(commands, common)
    _add_evaluation(commands, common)
    _add_users(commands)
    return top


def _add_library(commands: Commands, common: argparse.ArgumentParser) -> None:
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
    remove.add_argument(
        "docs", nargs="+", metavar="DOC", help="name, with or without its extension, or the start of its id"
    )
    _add_collections(commands, common)
    what = _listing(commands, "trash", "removed documents: list them, take them back, delete them for good")
    common = _common(given=True)
    what.add_parser("list", parents=[common], help="the latest first, with what they take of the disk")
    docs: dict[str, Any] = {"metavar": "DOC", "help": "name, with or without its extension, or the start of its id"}
    back = what.add_parser("restore", parents=[common], help="take documents back, without reading them again")
    back.add_argument("docs", nargs="+", **docs)
    what.add_parser("empty", parents=[common], help="delete all of them for good, or some").add_argument(
        "docs", nargs="*", **docs
    )
    common = _common()
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
    commands.add_parser("status", parents=[common], help="counts, encoder and generation of the index")
    doctor = commands.add_parser("doctor", parents=[common], help="what is present, and how to mend what is not")
    doctor.add_argument("--repair", action="store_true", help="read all of the index, and mend what is damaged")


def _add_queue(commands: Commands, common: argparse.ArgumentParser) -> None:
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


def _add_collections(commands: Commands, common: argparse.ArgumentParser) -> None:
    whole = commands.add_parser("collections", parents=[common], help="named sets of documents to ask within")
    what = whole.add_subparsers(dest="what", metavar="WHAT")
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
        named = (
            ("user", "USER", "of `user list`, of an --auth file or of a proxy"),
            ("token", "TOKEN", "of `token list`"),
        )
        for option, shown, where in named:
            parser_.add_argument(
                f"--{option}", action="append", default=[], metavar=shown, help=f"{where} (repeatable)"
            )
        parser_.add_argument(
            "--role", action="append", default=[], choices=ROLES, help="all who sign in with at least this role"
        )


def _add_generations(commands: Commands, common: argparse.ArgumentParser) -> None:
    reindex = commands.add_parser("reindex", parents=[common], help="embed everything anew, beside the live index")
    reindex.add_argument("--encoder", metavar="SPEC", help="picture part: auto, builtin, a hub name or a folder")
    reindex.add_argument(
        "--words", metavar="SPEC", help="words part: auto, e5+minilm, static, off, a hub name or a folder"
    )
    reindex.add_argument(
        "--gate",
        type=Path,
        nargs="+",
        metavar="QUESTIONS",
        help="swap only if the questions of none of these files get worse",
    )
    reindex.add_argument(
        "--tolerance",
        type=share,
        metavar="SHARE",
        help="a fall up to this over all questions is let pass, twice that in a slice (default 0.01)",
    )
    _without(reindex, "the gate judges without this way of searching")
    reindex.add_argument("--parse", action="store_true", help="read files of an older parser version or settings again")
    reindex.add_argument("--workers", type=natural, metavar="N", help="parsing processes of --parse")
    reindex.add_argument("--password", help="of encrypted PDFs, for --parse")
    reindex.add_argument("--keep", type=count, default=1, metavar="N", help="earlier generations kept (default 1)")
    commands.add_parser("rollback", parents=[common], help="back to the generation that was live before")
    switch = commands.add_parser("switch", parents=[common], help="to an earlier or refused generation, by its number")
    switch.add_argument("generation", type=natural, metavar="N", help="as `python -m rag generations` lists it")
    commands.add_parser("generations", parents=[common], help="the live one, earlier, refused and unfinished ones")
    compared = commands.add_parser("compared", parents=[common], help="two generations on live questions, side by side")
    compared.add_argument("--most", type=natural, default=10, metavar="N", help="questions shown that share least (10)")
    align = commands.add_parser("align", parents=[common], help="train a projection over the encoder from the library")
    align.add_argument("--part", choices=("words", "picture"), default="words", help="of the encoder (default words)")
    align.add_argument("--pca", type=natural, metavar="N", help="train nothing: keep the N main directions instead")
    align.add_argument("--out", type=Path, metavar="FILE", help="where to write it (default: in the index)")
    align.add_argument("--seed", type=int, default=0, metavar="N", help="other documents held out (default 0)")
    prune = commands.add_parser("prune", parents=[common], help="delete earlier, refused and unfinished generations")
    prune.add_argument("generations", nargs="*", type=natural, metavar="N", help="only these, by number")
    whole = commands.add_parser("vectors", parents=[common], help="the vector database elsewhere: how far it is")
    what = whole.add_subparsers(dest="what", metavar="WHAT")
    what.add_parser("update", parents=[common], help="copy there what is missing, delete what has gone")
    what.add_parser("rebuild", parents=[common], help="drop what is there and copy all again")
    prune.add_argument("--keep", type=count, default=0, metavar="N", help="the latest N earlier ones stay (default 0)")


def _add_asking(commands: Commands, common: argparse.ArgumentParser) -> None:
    search = commands.add_parser("search", parents=[common, _question()], help="what is found for a question")
    search.add_argument("-k", type=natural, default=10, metavar="N", help="hits (default 10)")
    ask = commands.add_parser("ask", parents=[common, _question()], help="an answer with its evidence")
    ask.add_argument(
        "--export",
        type=_export_file,
        metavar="FILE",
        help="also into a file with its cut-outs: .html, .pdf, or .zip with Markdown and pictures",
    )


def _add_conversations(commands: Commands, common: argparse.ArgumentParser) -> None:
    listed = commands.add_parser("conversations", parents=[common], help="those kept by the app, the latest first")
    listed.add_argument("--find", default="", metavar="WORDS", help="only those that hold these words")
    export = commands.add_parser("export", parents=[common], help="a conversation with its cut-outs, into a file")
    export.add_argument("conversation", metavar="CONVERSATION", help="its title, or the start of its id")
    export.add_argument(
        "file", type=_export_file, metavar="FILE", help=".html, .pdf, or .zip with Markdown and pictures"
    )


def _add_programs(commands: Commands, common: argparse.ArgumentParser) -> None:
    what = _listing(commands, "token", "tokens with which programs use the HTTP API and MCP")
    commands.add_parser("mcp", parents=[common], help="serve an agent over standard input and output")
    common = _common(given=True)
    add = what.add_parser("add", parents=[common], help="make one; it is shown once")
    add.add_argument("name", metavar="NAME", help="what it is called in lists")
    add.add_argument("--role", choices=ROLES, default="reader", help="what it may do (default reader)")
    what.add_parser("list", parents=[common], help="their names and roles")
    remove = what.add_parser("remove", parents=[common], help="revoke one, at once")
    remove.add_argument("name", metavar="NAME")


def _export_file(text: str) -> Path:
    if Path(text).suffix.lower() not in (".html", ".pdf", ".zip"):
        raise argparse.ArgumentTypeError(f"{text!r} ends in none of .html, .pdf and .zip (Markdown with pictures)")
    return Path(text)


def _add_users(commands: Commands) -> None:
    what = _listing(commands, "user", "people who may sign in to the app")
    common = _common(given=True)
    add = what.add_parser("add", parents=[common], help="make a user; the password is asked for, or read from a pipe")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", choices=ROLES, default="reader", help="reader asks, editor adds and removes, admin all")
    add.add_argument("--no-password", action="store_true", help="comes through a proxy only (app.py --auth-header)")
    what.add_parser("list", parents=[common], help="all users and their roles")
    for word, meaning in (("passwd", "another password"), ("remove", "remove a user, at once")):
        what.add_parser(word, parents=[common], help=meaning).add_argument("name", metavar="NAME")
    role = what.add_parser("role", parents=[common], help="another role, at once")
    role.add_argument("name", metavar="NAME")
    role.add_argument("role", choices=ROLES)


def _add_evaluation(commands: Commands, common: argparse.ArgumentParser) -> None:
    score = commands.add_parser("eval", parents=[common], help="retrieval metrics on question sets")
    score.add_argument("questions", type=Path, nargs="+", metavar="QUESTIONS.jsonl", help="each file is a set")
    score.add_argument("--scope", choices=("doc", "library", "both"), default="both", help="where to search")
    score.add_argument(
        "--libraries",
        type=natural,
        nargs="+",
        default=[],
        metavar="N",
        help="search libraries of N documents, too: each question's own and others, the same every time",
    )
    score.add_argument(
        "--answers", action="store_true", help="answer, too, by the configured model or by quotes, and score that"
    )
    score.add_argument(
        "--answers-out",
        type=Path,
        metavar="OUT.jsonl",
        help="answer, and list each question with the right answer, the one given, its citations and a verdict",
    )
    score.add_argument("--hits", type=Path, metavar="OUT.jsonl", help="write the hits of every question")
    score.add_argument("--misses", type=Path, metavar="OUT.md", help="list missed questions and why (or OUT.jsonl)")
    score.add_argument("--ablation", action="store_true", help="search again without each channel in turn")
    score.add_argument("--generation", metavar="G", help="search this one: live (default), previous or its number")
    score.add_argument(
        "--against", type=Path, metavar="OLD", help="compare with the hits file of an earlier run, or with a generation"
    )
    _without(score)
    _flips(score)
    both = commands.add_parser("compare", parents=[common], help="two runs of question sets side by side")
    both.add_argument("questions", type=Path, nargs="+", metavar="QUESTIONS.jsonl")
    both.add_argument("before", type=Path, metavar="OLD.jsonl", help="hits that `eval --hits` wrote")
    both.add_argument("after", type=Path, metavar="NEW.jsonl", help="the same of the run to be judged")
    _flips(both)
    own = commands.add_parser("questions", help="question sets of one's own, for eval and the gate")
    what = own.add_subparsers(dest="what", required=True, metavar="WHAT")
    export = what.add_parser("export", parents=[common], help="from the thumbs under the app's answers")
    export.add_argument("file", type=Path, metavar="FILE.jsonl")
    export.add_argument("--down", action="store_true", help="those voted down too, without evidence: not scored")
    make = what.add_parser("make", parents=[common], help="from captions, mentions and cut-outs of the library")
    make.add_argument("file", type=Path, metavar="FILE.jsonl")
    make.add_argument("--count", type=natural, default=200, metavar="N", help="questions in all (default 200)")
    make.add_argument("--seed", type=int, default=0, metavar="N", help="other ones (default 0)")
    make.add_argument("--how", action="append", choices=WAYS, help="only such (repeatable)")


def _listing(commands: Commands, name: str, help: str) -> Commands:
    """What can be done with things that are listed where nothing else is said."""
    one = commands.add_parser(name, parents=[_common()], help=f"{help} (alone: list)")
    words = one.add_subparsers(dest="what", metavar="WHAT")
    one.set_defaults(what="list")
    return words


def _common(given: bool = False) -> argparse.ArgumentParser:
    """What every command takes; ``given``: also before the last word, whose own parser must not forget it."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS if given else None)
    common.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default .pagesight)")
    common.add_argument("--json", action="store_true", help="print JSON, one object per line")
    common.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return common


def _question() -> argparse.ArgumentParser:
    """What can be asked, and where it is searched for."""
    question = argparse.ArgumentParser(add_help=False)
    question.add_argument("question", nargs="?", default="", metavar="QUESTION", help="- reads it from standard input")
    question.add_argument(
        "--after",
        action="append",
        default=[],
        metavar="QUESTION",
        help="one asked before, which this may lean on (repeatable)",
    )
    question.add_argument("--as-typed", action="store_true", help="take nothing from the questions of --after")
    question.add_argument("--image", type=Path, metavar="FILE", help="a picture to ask with, such as a screenshot")
    question.add_argument("--doc", action="append", default=[], metavar="NAME", help="only in it (repeatable)")
    question.add_argument(
        "--collection", action="append", default=[], metavar="NAME", help="only in its documents (repeatable)"
    )
    question.add_argument("--kind", action="append", choices=KINDS, default=[], help="only such evidence (repeatable)")
    question.add_argument("--pages", type=page_range, metavar="A-B", help="only on these pages")
    _without(question)
    return question


def _without(command: argparse.ArgumentParser, meaning: str = "do not search this way") -> None:
    text = f"{meaning} (repeatable): {', '.join(CHANNELS)}"
    command.add_argument("--without", action="append", choices=CHANNELS, default=[], metavar="CHANNEL", help=text)


def _flips(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--flips", choices=FLIPS, default=FLIP, help="list the questions whose answer changed by this measure (R@5)"
    )


def priority(text: str) -> int:
    """A whole number around 0."""
    if not re.fullmatch(r"-?\d{1,3}", text) or abs(int(text)) > MOST_PRIORITY:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from -{MOST_PRIORITY} to {MOST_PRIORITY}")
    return int(text)


def share(text: str) -> float:
    """A number from 0 to 1."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return number


def count(text: str) -> int:
    """A whole number from 0."""
    return 0 if text == "0" else natural(text)
