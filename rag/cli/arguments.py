"""The command line: all commands with their options. What the commands do stands in :mod:`rag.cli.commands`.

A word that is none of the choices ends here, with exit code 2 and a line that says which was probably meant.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, cast

from ingestion.arguments import natural
from rag.cli.generation_arguments import add_evaluation, add_generations
from rag.cli.library_arguments import add_library, add_queue, name_members
from rag.cli.options import common_options, export_file, listing, question_options
from rag.service.roles import ROLES

_NO_CHOICE = re.compile(r"invalid choice: '([^']*)' \(choose from (.*)\)$", re.DOTALL)
_CHOICE = re.compile(r"[\w.-]+")

if TYPE_CHECKING:
    from rag.cli.options import Commands


class _Parser(argparse.ArgumentParser):
    """Says which word was probably meant where one is none of its choices, or no option of its command."""

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """Of the whole line. Exits with code 2 where it is wrong."""
        given = list(sys.argv[1:] if args is None else args)
        if given and given[0].startswith("--") and given[0] != "--help":
            option = given[0].partition("=")[0]
            self.error(f"{option} stands before a command; options come after it: {self.prog} COMMAND {option} …")
        found, left = self.parse_known_args(given, namespace)
        if left:
            self.error(_unknown(left, _options(self, given)))
        return found

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        if message.endswith("required: COMMAND"):
            self.exit(2, f"{self.format_help()}\n{self.prog}: error: name a COMMAND, see above\n")
        wrong = _NO_CHOICE.search(message)
        near = difflib.get_close_matches(wrong[1], _CHOICE.findall(wrong[2]), n=1) if wrong else []
        if wrong and near:
            message = f"{message[: wrong.start()]}there is no {wrong[1]!r}; did you mean {near[0]}?"
        super().error(message)


def _options(parser: argparse.ArgumentParser, given: Sequence[str]) -> list[str]:
    """All options of the command, and of the command within it, that a line names."""
    found = [option for action in parser._actions for option in action.option_strings if option.startswith("--")]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            named = next((word for word in given if word in action.choices), None)
            found += _options(action.choices[named], given) if named else []
    return found


def _unknown(left: Sequence[str], options: Sequence[str]) -> str:
    """What is said of words that no command takes."""
    option = next((word for word in left if word.startswith("-")), "")
    near = difflib.get_close_matches(option.partition("=")[0], options, n=1)
    if not option:
        return f"{' '.join(left)}: too much; put words that belong together in quotation marks"
    return f"there is no option {option}{f'; did you mean {near[0]}?' if near else '; -h after the command lists all'}"


def parser(prog: str = "python -m rag", further: str = "") -> argparse.ArgumentParser:
    """All commands and their options; ``prog`` is the command as it was called, ``further`` what it can do beside."""
    top = _Parser(
        prog=prog,
        description="Ask your PDFs; every answer shows its evidence. `python app.py` is the app.",
        epilog=further,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = cast("Commands", top.add_subparsers(dest="command", required=True, metavar="COMMAND"))
    common = common_options()

    add_library(commands, common)
    add_queue(commands, common)
    add_generations(commands, common)
    _add_asking(commands, common)
    _add_conversations(commands, common)
    _add_programs(commands, common)
    add_evaluation(commands, common)
    _add_users(commands)
    _add_groups(commands)
    return top


def _add_asking(commands: Commands, common: argparse.ArgumentParser) -> None:
    search = commands.add_parser("search", parents=[common, question_options()], help="what is found for a question")
    search.add_argument("-k", type=natural, default=10, metavar="N", help="hits (default 10)")
    ask = commands.add_parser("ask", parents=[common, question_options()], help="an answer with its evidence")
    ask.add_argument(
        "--export",
        type=export_file,
        metavar="FILE",
        help="also into a file with its cut-outs: .html, .pdf, or .zip with Markdown and pictures",
    )


def _add_conversations(commands: Commands, common: argparse.ArgumentParser) -> None:
    listed = commands.add_parser("conversations", parents=[common], help="those kept by the app, the latest first")
    listed.add_argument("--find", default="", metavar="WORDS", help="only those that hold these words")
    export = commands.add_parser("export", parents=[common], help="a conversation with its cut-outs, into a file")
    export.add_argument("conversation", metavar="CONVERSATION", help="its title, or the start of its id")
    export.add_argument(
        "file", type=export_file, metavar="FILE", help=".html, .pdf, or .zip with Markdown and pictures"
    )


def _add_programs(commands: Commands, common: argparse.ArgumentParser) -> None:
    what = listing(commands, "token", "tokens with which programs use the HTTP API and MCP")
    commands.add_parser("mcp", parents=[common], help="serve an agent over standard input and output")
    common = common_options(given=True)
    add = what.add_parser("add", parents=[common], help="make one; it is shown once")
    add.add_argument("name", metavar="NAME", help="what it is called in lists")
    add.add_argument("--role", choices=ROLES, default="reader", help="what it may do (default reader)")
    what.add_parser("list", parents=[common], help="their names and roles")
    remove = what.add_parser("remove", parents=[common], help="revoke one, at once")
    remove.add_argument("name", metavar="NAME")


def _add_users(commands: Commands) -> None:
    what = listing(commands, "user", "people who may sign in to the app")
    common = common_options(given=True)
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


def _add_groups(commands: Commands) -> None:
    what = listing(commands, "group", "groups of users and tokens, to be given rights on collections")
    common = common_options(given=True)
    what.add_parser("list", parents=[common], help="all groups and who is in them")
    for word, meaning in (
        ("add", "users and tokens into a group, which is made where there is none"),
        ("take", "users and tokens out of one"),
    ):
        changed = what.add_parser(word, parents=[common], help=meaning)
        changed.add_argument("name", metavar="NAME", help="of the group")
        name_members(changed)
    remove = what.add_parser("remove", parents=[common], help="forget one, and what it may see")
    remove.add_argument("name", metavar="NAME", help="of the group")
