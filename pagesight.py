"""The command ``pagesight``: one name for the command line, the app and the view of what is read.

``pip install .`` puts it on the path. ``pagesight add a.pdf`` is ``python -m rag add a.pdf``, ``pagesight app`` is
``python app.py``, ``pagesight parse a.pdf`` is ``python -m ingestion a.pdf``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import rag.__main__

FURTHER = """\
further commands:
  app                 the page in the browser, as `python app.py`; `pagesight app --help` lists its options
  parse               what is understood of a document, as `python -m ingestion`; `pagesight parse --help`
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that ``argv`` (default: the arguments of the process) names first; its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    match arguments[:1]:
        case ["app"]:
            import app  # brings the index: not for `pagesight --help`

            return app.main(arguments[1:], "pagesight app")
        case ["parse"]:
            import ingestion.__main__

            return ingestion.__main__.main(arguments[1:], "pagesight parse")
        case _:
            return rag.__main__.main(arguments, "pagesight", FURTHER)


if __name__ == "__main__":
    sys.exit(main())
