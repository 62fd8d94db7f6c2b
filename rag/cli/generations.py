"""The commands that look after index generations: ``reindex``, ``rollback``, ``switch``, ``generations``, ``prune``."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.cli import output
from rag.cli.progress import Bars
from rag.config import Settings
from rag.disk import size_in_words
from rag.errors import EncoderError, EncoderMismatch
from rag.evaluation.gate import TOLERANCE, Fall
from rag.index import Index
from rag.indexing.generations import Summary, asked_for, prune, summaries
from rag.storage.tables.database import Generation

if TYPE_CHECKING:
    from rag.evaluation.evaluate import Gate
    from rag.evaluation.gate import Verdict


def reindex(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 where the gate kept the old generation, or a document could not be read again."""
    if not args.parse:
        return _reindex(args, settings)
    asked = asked_for(settings, args.encoder, args.words)
    change = _mismatch(asked)  # fails here, and not after hours of reading, where that encoder cannot be had
    failed = _reparse(args, replace(settings, encoder="auto", words="auto"))
    return failed or (_reindex(args, settings) if change or args.encoder or args.words else 0)


def _mismatch(settings: Settings) -> str:
    """What keeps these settings from searching the index: it was built with another encoder. Empty where nothing does.

    Raises what :meth:`rag.index.Index.check_encoder` raises otherwise.
    """
    with Index.open(settings) as index:
        try:
            index.check_encoder()
        except EncoderMismatch as exc:
            return str(exc)
    return ""


def _reparse(args: argparse.Namespace, settings: Settings) -> int:
    failed = count = 0
    with Bars() as bars, Index.open(settings, progress=bars) as index:
        for read in index.reparse(args.workers, args.password, bars):
            failed, count = failed + bool(read.error), count + 1
            if read.error and not args.json:
                output.remark(f"✗ {read.name} stays as it was: {output.one_line(read.error)}")
            else:
                output.say(read._asdict(), [f"✓ {read.name}: {output.count(read.pages, 'page')}"], args.json)
    output.remark(
        f"{count - failed} read again, {failed} failed" if count else "Nothing to read again: all is up to date"
    )
    return int(failed > 0)


def _reindex(args: argparse.Namespace, settings: Settings) -> int:
    with Bars() as bars, Index.open(settings, progress=bars) as index:
        before, check = index.generation, _gate(args, index, bars)
        accepted = index.reindex(args.encoder, args.words, bars, check, args.keep, bars.line)
        now, spent = index.generation, index.encoder.spent if accepted else ""
        refused = None if accepted else next(s for s in summaries(index) if check and s.generation.id == check.judged)
    if spent:
        output.remark(f"Sent to {spent}")
    verdict = check.verdict if check else None
    if args.json:
        result = {"swapped": accepted, "encoder": now.name, "generation": now.id, "previous_encoder": before.name}
        kept = {"refused": refused.generation.id, "bytes": refused.size} if refused else {}
        output.say_json(result | kept | ({"gate": verdict.as_json()} if verdict else {}))
    elif accepted:
        print(f"Generation {now.id} is live: {now.name}. `python -m rag rollback` goes back to {before.name}")
    else:
        judged_by = check.names if check else "the questions"
        output.remark(f"Kept generation {before.id} ({before.name}): the new one is worse on {judged_by}")
    if verdict and not args.json:
        _say_verdict(
            verdict, *(f"generation {g.id} ({g.name})" for g in (before, refused.generation if refused else now))
        )
    if refused and not args.json:
        number = refused.generation.id
        output.remark(
            f"Generation {number} stays beside it ({size_in_words(refused.size)}): `python -m rag switch {number}` "
            f"takes it all the same, `python -m rag prune {number}` deletes it; another reindex to it only judges it "
            "again"
        )
    if accepted and (args.encoder or args.words):
        _say_disagreement(settings)
    return int(not accepted)


def _gate(args: argparse.Namespace, index: Index, bars: Bars) -> Gate | None:
    if args.gate is None:
        return None
    from rag.evaluation.evaluate import Gate

    tolerance = TOLERANCE if args.tolerance is None else args.tolerance
    gate = Gate(args.gate, bars, frozenset(args.without), tolerance)
    gate.check(index)
    if args.encoder and not gate.shows_pictures:
        output.remark(
            f"No question of {gate.names} asks with a picture, so a worse picture part may pass; "
            "`python -m rag questions make FILE --how picture` makes such questions"
        )
    return gate


def _say_verdict(verdict: Verdict, before: str, after: str) -> None:
    """What fell; of a generation that was refused also all differences and flips."""
    from rag.evaluation.report_text import comparison_lines, verdict_lines

    for line in verdict_lines(verdict):
        output.remark(line)
    if not verdict.accepted:
        print("\n".join(["", *comparison_lines(verdict.comparisons, before, after)]))


def rollback(args: argparse.Namespace, settings: Settings) -> int:
    """Back to the generation that was live before."""
    with Bars() as bars, Index.open(settings, progress=bars) as index:
        live = index.rollback(bars)
    return _say_live(live, args, settings)


def switch(args: argparse.Namespace, settings: Settings) -> int:
    """To another generation, by its number."""
    with Bars() as bars, Index.open(settings, progress=bars) as index:
        live = index.switch(args.generation, bars)
    return _say_live(live, args, settings)


def _say_live(live: Generation, args: argparse.Namespace, settings: Settings) -> int:
    said = f"Generation {live.id} is live: {live.name}"
    output.say({"encoder": live.name, "generation": live.id}, [said], args.json)
    _say_disagreement(settings)
    return 0


def _say_disagreement(settings: Settings) -> None:
    """That the settings name another encoder than the live generation has."""
    if settings == asked_for(settings, "auto", "auto"):
        return
    try:
        trouble = _mismatch(settings)
    except EncoderError as exc:
        trouble = str(exc)
    if trouble:
        output.remark(f"It cannot be searched as things are set now. {trouble}")


def generations(args: argparse.Namespace, settings: Settings) -> int:
    """Every generation with its size, its judgement and its evaluations."""
    with Index.open(settings) as index:
        found, copies = summaries(index), index.vectors.size()
    for summary in found:
        output.say(_as_json(summary), _lines(summary), args.json)
    output.remark(f"The vector database's copy of all takes another {size_in_words(copies)}")
    return 0


def prune_(args: argparse.Namespace, settings: Settings) -> int:
    """Delete generations that are not live."""
    with Bars() as bars, Index.open(settings, progress=bars) as index:
        gone = prune(index, args.keep, args.generations)
    for generation in gone:
        said = f"Deleted generation {generation.id} ({generation.name}, {generation.state})"
        gone_json = {"generation": generation.id, "encoder": generation.name, "state": generation.state}
        output.say(gone_json, [said], args.json)
    if not gone:
        output.remark("There is no earlier, refused or unfinished generation to delete")
    return 0


def _as_json(summary: Summary) -> output.Json:
    generation = summary.generation
    return {
        "generation": generation.id,
        "state": generation.state,
        "encoder": generation.name,
        "created": generation.created,
        "dim": generation.dim,
        "fingerprint": generation.fingerprint,
        "documents": summary.documents,
        "vectors": summary.vectors,
        "bytes": summary.size,
        **summary.record,
    }


def _lines(summary: Summary) -> list[str]:
    """`2 live builtin + static`, `made 2026-11-21T20:59:09Z: 40 documents, 9,000 vectors of 897, 31.2 MB`, results."""
    one = summary.generation
    counts = f"{output.count(summary.documents, 'document')}, {output.count(summary.vectors, 'vector')} of {one.dim}"
    head = f"{one.id:>3} {one.state:<9} {one.name}"
    about = [f"made {one.created}: {counts}, {size_in_words(summary.size)}"]
    about += [*_judgement(summary.record.get("gate")), *_evaluations(summary.record.get("evaluations", {}))]
    return [head, *(f"      {line}" for line in about)]


def _judgement(gate: output.Json | None) -> list[str]:
    if gate is None:
        return []
    fate = "accepted" if gate["accepted"] else "refused"
    without = f" without {', '.join(gate['without'])}" if gate["without"] else ""
    head = f"{fate} on {gate['questions']}{without} beside generation {gate['beside']} ({gate['at']})"
    return [head, *(f"− {Fall(**fall)}" for fall in gate["falls"])]


def _evaluations(found: dict[str, output.Json]) -> list[str]:
    lines = []
    for questions, result in found.items():
        scopes: dict[str, list[str]] = {}
        for name, value in result["measures"].items():
            scope, measure = name.split(" ", 1)
            scopes.setdefault(scope, []).append(f"{measure} {value:.3f}")
        lines.append(f"{questions} ({result['at']})")
        lines += [f"  {scope:<8} {', '.join(measures)}" for scope, measures in scopes.items()]
    return lines


COMMANDS: dict[str, output.Command] = {
    "reindex": reindex,
    "rollback": rollback,
    "switch": switch,
    "generations": generations,
    "prune": prune_,
}
