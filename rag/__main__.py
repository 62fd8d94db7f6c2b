"""The command line: ``python -m rag COMMAND``. Options are in :mod:`rag.cli.arguments`.

Exit codes: 0 done, 1 an error in one line on stderr, 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Sequence

from ingestion.arguments import exit_code
from ingestion.errors import IngestionError
from ingestion.text.cleaning import printable
from rag.cli.arguments import parser
from rag.config import quiet
from rag.errors import RagError

quiet()

STOPPED = "Interrupted. What was indexed is intact; what was being added goes on where it was."


def main(argv: Sequence[str] | None = None, prog: str = "python -m rag", further: str = "") -> int:
    """Run one command; every failure is one line on stderr."""
    args = parser(prog, further).parse_args(argv)
    return exit_code(lambda: _run(args), STOPPED)


def _run(args: argparse.Namespace) -> int:
    try:
        from rag.cli.commands import run

        code = run(args)
        sys.stdout.flush()  # what cannot be written is a failure of the command
        return code
    except BrokenPipeError:  # nobody reads on: no failure to be explained
        raise
    except Exception as exc:
        if args.debug:
            raise
        print(printable(_explain(exc)), file=sys.stderr)
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


if __name__ == "__main__":
    sys.exit(main())
