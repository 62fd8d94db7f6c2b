"""Options that several commands share, and what a word must be: a number, a share, a range of pages, a file to write.

A word that is none of these ends with exit code 2 and a line that says what is expected.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from ingestion.arguments import natural, page_range
from ingestion.elements import ChunkKind
from rag.evaluation.names import FLIP, FLIPS
from rag.queue.jobs import MOST_PRIORITY
from rag.types import CHANNELS

KINDS = get_args(ChunkKind)

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def common_options(given: bool = False) -> argparse.ArgumentParser:
    """What every command takes; ``given``: also before the last word, whose own parser must not forget it."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS if given else None)
    common.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default .pagesight)")
    common.add_argument("--json", action="store_true", help="print JSON, one object per line")
    common.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return common


def listing(commands: Commands, name: str, help: str) -> Commands:
    """What can be done with things that are listed where nothing else is said."""
    one = commands.add_parser(name, parents=[common_options()], help=f"{help} (alone: list)")
    words = one.add_subparsers(dest="what", metavar="WHAT")
    one.set_defaults(what="list")
    return words


def question_options() -> argparse.ArgumentParser:
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
    question.add_argument("--as-typed", action="store_true", help="leave nothing out, take nothing from --after")
    question.add_argument("--image", type=Path, metavar="FILE", help="a picture to ask with, such as a screenshot")
    question.add_argument("--doc", action="append", default=[], metavar="NAME", help="only in it (repeatable)")
    question.add_argument(
        "--collection", action="append", default=[], metavar="NAME", help="only in its documents (repeatable)"
    )
    question.add_argument("--kind", action="append", choices=KINDS, default=[], help="only such evidence (repeatable)")
    question.add_argument("--pages", type=page_range, metavar="A-B", help="only on these pages")
    without_channels(question)
    return question


def without_channels(command: argparse.ArgumentParser, meaning: str = "do not search this way") -> None:
    """Channels of the search that are left out."""
    text = f"{meaning} (repeatable): {', '.join(CHANNELS)}"
    command.add_argument("--without", action="append", choices=CHANNELS, default=[], metavar="CHANNEL", help=text)


def flips_option(command: argparse.ArgumentParser) -> None:
    """The measure by which questions are listed that were won or lost."""
    command.add_argument(
        "--flips", choices=FLIPS, default=FLIP, help="list the questions whose answer changed by this measure (R@5)"
    )


def export_file(text: str) -> Path:
    """A file whose ending says what is written."""
    if Path(text).suffix.lower() not in (".html", ".pdf", ".zip"):
        raise argparse.ArgumentTypeError(f"{text!r} ends in none of .html, .pdf and .zip (Markdown with pictures)")
    return Path(text)


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
