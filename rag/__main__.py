"""The command line: ``python -m rag COMMAND``. Options here, what they do in :mod:`rag.cli.commands`.

Enters: arguments. Leaves: an exit code: 0 done, 1 an error in one line on stderr, 2 wrong usage, 130 interrupted.
Must not know: how anything is done.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ingestion.errors import IngestionError
from rag.config import quiet
from rag.errors import RagError
from rag.types import CHANNELS

quiet()

INTERRUPTED = 130
HOW = ("caption", "words", "mention", "picture")
KINDS = ("text", "table", "figure", "page")
FLIPS = ("R@1", "R@3", "R@5", "R@10", "region@1", "region@5", "region@10")


def parser(prog: str = "python -m rag", further: str = "") -> argparse.ArgumentParser:
    """All commands and their options; ``prog`` is the command as it was called, ``further`` what it can do beside."""
    top = argparse.ArgumentParser(
        prog=prog,
        description="Ask your PDFs; every answer shows its evidence. `python app.py` is the app.",
        epilog=further,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = _common()

    add = commands.add_parser("add", parents=[common], help="index files, or folders of documents")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    add.add_argument("--workers", type=_natural, metavar="N", help="parsing processes (default: one a core, at most 4)")
    add.add_argument("--password", help="of encrypted PDFs; - asks for it")

    commands.add_parser("list", parents=[common], help="documents in the index")
    remove = commands.add_parser("remove", parents=[common], help="forget documents and delete their files")
    remove.add_argument(
        "docs", nargs="+", metavar="DOC", help="name, with or without its extension, or the start of its id"
    )
    commands.add_parser("status", parents=[common], help="counts, encoder and generation of the index")
    commands.add_parser("doctor", parents=[common], help="what is present, and how to mend what is not")

    reindex = commands.add_parser("reindex", parents=[common], help="embed everything anew, beside the live index")
    reindex.add_argument("--encoder", metavar="SPEC", help="picture part: auto, builtin, a hub name or a folder")
    reindex.add_argument("--words", metavar="SPEC", help="words part: auto, static, off, a hub name or a folder")
    reindex.add_argument("--gate", type=Path, metavar="QUESTIONS", help="swap only if these questions do not get worse")
    reindex.add_argument(
        "--tolerance",
        type=_share,
        metavar="SHARE",
        help="a fall up to this over all questions is let pass, twice that in a slice (default 0.01)",
    )
    _without(reindex, "the gate judges without this way of searching")
    reindex.add_argument("--parse", action="store_true", help="read files of an older parser version or settings again")
    reindex.add_argument("--workers", type=_natural, metavar="N", help="parsing processes of --parse")
    reindex.add_argument("--password", help="of encrypted PDFs, for --parse")
    reindex.add_argument("--keep", type=_count, default=1, metavar="N", help="earlier generations kept (default 1)")
    commands.add_parser("rollback", parents=[common], help="back to the generation that was live before")
    switch = commands.add_parser("switch", parents=[common], help="to an earlier or refused generation, by its number")
    switch.add_argument("generation", type=_natural, metavar="N", help="as `python -m rag generations` lists it")
    commands.add_parser("generations", parents=[common], help="the live one, earlier, refused and unfinished ones")
    _add_align(commands, common)
    prune = commands.add_parser("prune", parents=[common], help="delete earlier, refused and unfinished generations")
    prune.add_argument("generations", nargs="*", type=_natural, metavar="N", help="only these, by number")
    prune.add_argument("--keep", type=_count, default=0, metavar="N", help="the latest N earlier ones stay (default 0)")

    search = commands.add_parser("search", parents=[common, _question()], help="what is found for a question")
    search.add_argument("-k", type=_natural, default=10, metavar="N", help="hits (default 10)")
    commands.add_parser("ask", parents=[common, _question()], help="an answer with its evidence")

    score = commands.add_parser("eval", parents=[common], help="retrieval metrics on a question set")
    score.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    score.add_argument("--scope", choices=("doc", "library", "both"), default="both", help="where to search")
    score.add_argument("--hits", type=Path, metavar="OUT.jsonl", help="write the hits of every question")
    score.add_argument("--generation", metavar="G", help="search this one: live (default), previous or its number")
    score.add_argument(
        "--against", type=Path, metavar="OLD", help="compare with the hits file of an earlier run, or with a generation"
    )
    _without(score)
    _flips(score)
    both = commands.add_parser("compare", parents=[common], help="two runs of a question set side by side")
    both.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    both.add_argument("before", type=Path, metavar="OLD.jsonl", help="hits that `eval --hits` wrote")
    both.add_argument("after", type=Path, metavar="NEW.jsonl", help="the same of the run to be judged")
    _flips(both)
    _add_questions(commands, common)
    return top


def _add_align(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    align = commands.add_parser("align", parents=[common], help="train a projection over the encoder from the library")
    align.add_argument("--part", choices=("words", "picture"), default="words", help="of the encoder (default words)")
    align.add_argument("--pca", type=_natural, metavar="N", help="train nothing: keep the N main directions instead")
    align.add_argument("--out", type=Path, metavar="FILE", help="where to write it (default: in the index)")
    align.add_argument("--seed", type=int, default=0, metavar="N", help="other documents held out (default 0)")


def _add_questions(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    own = commands.add_parser("questions", help="question sets of one's own, for eval and the gate")
    what = own.add_subparsers(dest="what", required=True, metavar="WHAT")
    export = what.add_parser("export", parents=[common], help="from the thumbs under the app's answers")
    export.add_argument("file", type=Path, metavar="FILE.jsonl")
    export.add_argument("--down", action="store_true", help="those voted down too, without evidence: not scored")
    make = what.add_parser("make", parents=[common], help="from captions, mentions and cut-outs of the library")
    make.add_argument("file", type=Path, metavar="FILE.jsonl")
    make.add_argument("--count", type=_natural, default=200, metavar="N", help="questions in all (default 200)")
    make.add_argument("--seed", type=int, default=0, metavar="N", help="other ones (default 0)")
    make.add_argument("--how", action="append", choices=HOW, help="only such (repeatable)")


def main(argv: Sequence[str] | None = None, prog: str = "python -m rag", further: str = "") -> int:
    """Run one command; every failure is one line on stderr."""
    args = parser(prog, further).parse_args(argv)
    try:
        from rag.cli.commands import run

        code = run(args)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("Interrupted. What was indexed is intact; what was being added goes on where it was.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # the reader of our output has gone (`| head`); keep the interpreter from complaining when it flushes
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as exc:
        if args.debug:
            raise
        print(_explain(exc), file=sys.stderr)
        return 1


def _explain(exc: Exception) -> str:
    """One line that names the thing and the remedy."""
    if isinstance(exc, (RagError, IngestionError)):
        return " ".join(str(exc).split())
    if isinstance(exc, OSError) and exc.errno == errno.ENOSPC:
        return f"No space left to write {exc.filename or 'a file'}; free some space, then run the command again."
    if isinstance(exc, OSError) and exc.filename:
        return f"{exc.filename}: {exc.strerror}; check the path and its permissions."
    what = " ".join(str(exc).split())
    return f"Unexpected {type(exc).__name__}: {what}; run the command again with --debug and report what it prints."


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default .pagesight)")
    common.add_argument("--json", action="store_true", help="print JSON, one object a line")
    common.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return common


def _question() -> argparse.ArgumentParser:
    question = argparse.ArgumentParser(add_help=False)
    question.add_argument("question", nargs="?", default="", metavar="QUESTION", help="- reads it from standard input")
    question.add_argument("--image", type=Path, metavar="FILE", help="a picture to ask with, such as a screenshot")
    question.add_argument("--doc", action="append", default=[], metavar="NAME", help="only in it (repeatable)")
    question.add_argument("--kind", action="append", choices=KINDS, default=[], help="only such evidence (repeatable)")
    question.add_argument("--pages", type=_pages, metavar="A-B", help="only on these pages")
    _without(question)
    return question


def _without(command: argparse.ArgumentParser, meaning: str = "do not search this way") -> None:
    text = f"{meaning} (repeatable): {', '.join(CHANNELS)}"
    command.add_argument("--without", action="append", choices=CHANNELS, default=[], metavar="CHANNEL", help=text)


def _flips(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--flips", choices=FLIPS, default="R@5", help="list the questions whose answer changed by this measure (R@5)"
    )


def _natural(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return share


def _count(text: str) -> int:
    return 0 if text == "0" else _natural(text)


def _pages(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    start, stop = _natural(first), _natural(last or first)
    if start > stop:
        raise argparse.ArgumentTypeError(f"{text!r} ends before it begins")
    return start, stop


if __name__ == "__main__":
    sys.exit(main())
