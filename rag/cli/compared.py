"""The command ``compared``: two generations of the index side by side, on the questions that people asked."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from rag.cli import output
from rag.config import Settings
from rag.index import Index
from rag.monitoring.requests import SHOWN
from rag.service import side_by_side


def compared(args: argparse.Namespace, settings: Settings) -> int:
    """What two generations found for the same live questions (``PAGESIGHT_COMPARE``)."""
    with Index.open(settings) as index:
        lines, names = side_by_side.read(index.root), {g.id: g.name for g in index.catalogue.generations()}
    for found in side_by_side.summaries(lines, args.most):
        output.say(_compared_json(found), _compared_lines(found, names), args.json)
    if not lines:
        output.remark("Nothing was compared yet: set PAGESIGHT_COMPARE=0.05 where people ask, and keep two generations")
    return 0


def _compared_json(found: side_by_side.Summary) -> output.Json:
    return {**found._asdict(), "apart": [one._asdict() | {"shared": one.shared} for one in found.apart]}


def _compared_lines(found: side_by_side.Summary, names: Mapping[int, str]) -> list[str]:
    live, other = (f"{number} ({names.get(number, 'deleted')})" for number in (found.live, found.other))
    empty, seconds, most = found.empty, found.seconds, side_by_side.HITS
    return [
        f"Generation {live}, live, beside {other}: {output.count(found.questions, 'question')}",
        f"      same first page {found.same_first:.3f}, pages shared of the first {most} {found.shared:.3f}",
        f"      found nothing {empty[0]} / {empty[1]}, seconds {seconds[0]:.3f} / {seconds[1]:.3f}",
        *(f"      {_apart(one)}" for one in found.apart),
    ]


def _apart(one: side_by_side.Compared) -> str:
    first, second = (
        f"{places[0][0][:12]} p. {places[0][1]}" if places else "nothing" for places in (one.found, one.also)
    )
    asked = f", “{output.one_line(one.asked)}”" if one.asked else ""
    return f"{one.shared:.2f} shared, first {first} / {second}, {one.at[:16]}, request {one.request[:SHOWN]}{asked}"


COMMANDS: dict[str, output.Command] = {"compared": compared}
