"""The commands for programs that use PageSight: ``token`` makes, lists and removes tokens, ``mcp`` serves an agent."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rag.cli import output
from rag.cli.collections import forgetting_right
from rag.config import Settings
from rag.index import Index
from rag.service.credentials import opened
from rag.service.tokens import Tokens
from rag.storage.records.collections import Right


def token(args: argparse.Namespace, settings: Settings) -> int:
    """Needs no index yet: the app that is started later finds the tokens."""
    with opened(settings) as catalogue:
        return _token(args, settings, Tokens(settings.index, catalogue))


def _token(args: argparse.Namespace, settings: Settings, tokens: Tokens) -> int:
    if args.what == "add":
        secret = tokens.add(args.name, args.role)
        output.say({"name": args.name, "role": args.role, "token": secret}, [secret], args.json)
        output.remark(f"This is the token {args.name!r} ({args.role}); it is not shown again.")
    elif args.what == "list":
        known = tokens.listed()
        for one in known:
            line = f"{one.created[:10]}  {one.role:<6}  {one.name}"
            output.say({"name": one.name, "role": one.role, "created": one.created}, [line], args.json)
        if not known and not args.json:
            output.remark("There are no tokens; make one with `python -m rag token add NAME`")
    else:
        with forgetting_right(settings, Right("token", args.name)):
            gone = tokens.remove(args.name)
        output.say({"name": gone.name, "role": gone.role}, [f"Removed the token {gone.name!r}"], args.json)
    return 0


def mcp(args: argparse.Namespace, settings: Settings) -> int:
    """Until whoever started this program closes its standard input."""
    with _stdout_spared():
        from rag.llm.open import open_llm
        from rag.service.library import Documents

        index = Index.open(settings)
        from rag.agents.serve import over_stdio  # 2 s: after the index was found

    with index:
        over_stdio(Documents(index, open_llm(settings), settings))
    return 0


@contextmanager
def _stdout_spared() -> Iterator[None]:
    """What is written to standard output inside goes to standard error: it belongs to the protocol alone."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


COMMANDS: dict[str, output.Command] = {"token": token, "mcp": mcp}
