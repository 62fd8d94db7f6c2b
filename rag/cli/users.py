"""The command ``user``: people who may sign in to the app, and what they may do.

A password is never an argument, which others on the machine could read: it is asked for twice on a terminal, or read
as one line where standard input is a pipe.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from rag.cli import output
from rag.cli.collections import forgetting_right
from rag.config import Settings
from rag.errors import BadSettings
from rag.service.credentials import opened
from rag.storage.records.collections import Right

if TYPE_CHECKING:
    from rag.service.users import User, Users


def run(args: argparse.Namespace, settings: Settings) -> int:
    """``add``, ``list``, ``passwd``, ``role`` or ``remove``. Takes effect at once, also in an app that runs."""
    from rag.service.users import Users

    with opened(settings) as catalogue:
        users = Users(settings.index, catalogue)
        if args.what == "remove":
            with forgetting_right(settings, Right("user", args.name)):
                return WHAT[args.what](args, users)
        return WHAT[args.what](args, users)


def _add(args: argparse.Namespace, users: Users) -> int:
    if any(user.name.casefold() == args.name.casefold() for user in users.listed()):
        raise BadSettings(f"There is a user {args.name!r} already; `user passwd` and `user role` change them")
    made = users.add(args.name, args.role, None if args.no_password else _password(args.name))
    _say(made, f"{made.name} may sign in as {made.role}", args)
    return 0


def _list(args: argparse.Namespace, users: Users) -> int:
    known = users.listed()
    for user in known:
        how = "" if user.hash else "  no password: through a proxy only"
        _say(user, f"{user.role:<7} {user.name:<24} since {user.created[:10]}{how}", args)
    if not known and not args.json:
        output.remark("There are no users, so nobody has to sign in; `python -m rag user add NAME` makes one")
    return 0


def _passwd(args: argparse.Namespace, users: Users) -> int:
    if users.find(args.name) is None:
        raise BadSettings(f"There is no user {args.name!r}; `python -m rag user list` lists them")
    changed = users.set_password(args.name, _password(args.name))
    _say(changed, f"{changed.name} has another password, and has to sign in again", args)
    return 0


def _role(args: argparse.Namespace, users: Users) -> int:
    changed = users.set_role(args.name, args.role)
    _say(changed, f"{changed.name} is {changed.role} now, and has to sign in again", args)
    return 0


def _remove(args: argparse.Namespace, users: Users) -> int:
    gone = users.remove(args.name)
    _say(gone, f"{gone.name} is removed; what they asked is kept for a user of that name", args)
    if not users.listed():
        output.remark("That was the last user: an app that is started anew lets everybody in")
    return 0


def _password(name: str) -> str:
    """Raises :class:`BadSettings` where the two that were typed differ."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass(f"Password for {name}: ")
    if getpass.getpass("Once more: ") != password:
        raise BadSettings("The two are not the same; nothing has changed, try again")
    return password


def _say(user: User, line: str, args: argparse.Namespace) -> None:
    shown = {"name": user.name, "role": user.role, "created": user.created, "password": bool(user.hash)}
    output.say(shown, [line], args.json)


WHAT: dict[str, Callable[[argparse.Namespace, Users], int]] = {
    "add": _add,
    "list": _list,
    "passwd": _passwd,
    "role": _role,
    "remove": _remove,
}
COMMANDS: dict[str, output.Command] = {"user": run}
