"""The address of a PostgreSQL database that holds a library's tables: ``PAGESIGHT_STORE_URL``.

postgresql://user:password@host/database?schema=NAME     where no schema is named: pagesight
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from rag.errors import BadSettings

NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
SCHEMA = "pagesight"


class Target(NamedTuple):
    """An address, taken apart: ``url`` is what the client takes, ``shown`` holds nothing secret."""

    url: str
    schema: str
    shown: str


def parse(url: str) -> Target:
    """Raises :class:`BadSettings`, saying nothing that may be secret."""
    expected = "it must be postgresql://USER:PASSWORD@HOST/DATABASE?schema=NAME (docs/scaling.md)"
    try:
        split = urlsplit(url)
        _ = split.port
        asked = parse_qsl(split.query, keep_blank_values=True)
    except ValueError:  # its words may hold a part of the password
        raise BadSettings(f"PAGESIGHT_STORE_URL is no address, its password may need %40 for @ …; {expected}") from None
    if split.scheme not in ("postgresql", "postgres"):
        raise BadSettings(f"PAGESIGHT_STORE_URL names no PostgreSQL database; {expected}")
    schema = next((value for key, value in asked if key == "schema"), SCHEMA)
    if not NAME.fullmatch(schema) or schema.startswith("pg_"):
        raise BadSettings("The schema of PAGESIGHT_STORE_URL must be of a-z, 0-9 and _, and not begin with pg_")
    options = [(key, value) for key, value in asked if key != "schema"]
    host = split.netloc.rpartition("@")[2]
    where = f"{split.username}@{host}" if split.username else host
    told = [*((key, value) for key, value in options if "password" not in key.lower()), ("schema", schema)]
    return Target(
        urlunsplit(split._replace(query=urlencode(options, quote_via=quote))),
        schema,
        urlunsplit((split.scheme, where, split.path, urlencode(told, quote_via=quote, safe="/"), "")),
    )


def check(url: str) -> Target:
    """:func:`parse`; raises :class:`BadSettings` where the client is not installed, too."""
    target = parse(url)
    if find_spec("psycopg") is None:
        raise BadSettings(
            "PAGESIGHT_STORE_URL asks for PostgreSQL, whose client is not installed (psycopg is missing); "
            "run `pip install 'pagesight[postgres]'`, or unset it to keep the catalogue in the index folder"
        )
    return target
