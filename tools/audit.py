#!/usr/bin/env python3
"""Known weaknesses of everything that is locked: ``python tools/audit.py [LOCK…] [-s pypi|osv|esms]``.

pip-audit asks a service for advisories. Where that does not know a package, or does not answer in its way, as most
mirrors of PyPI do not, pip-audit leaves the package out and says that nothing is known of the rest, which may be none.
Here what was not audited is a failure with a name. Exit code 0: all were, and nothing is known; 1: something is; 2: not
all were.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
SHOWN = 5  # names of packages that were not audited
REMEDY = (
    "Nothing is known of what was not audited, good or bad. Run it again where https://pypi.org itself is reached, or "
    "ask another service: make audit ARGS='-s osv'"
)


class Said(NamedTuple):
    """What pip-audit has printed, and its exit code."""

    out: str
    err: str
    code: int


class Outcome(NamedTuple):
    """Lines for people, and whether weaknesses are known, and whether all packages were audited."""

    lines: tuple[str, ...]
    weak: bool
    whole: bool


def outcome(lock: str, said: Said) -> Outcome:
    """What pip-audit's report on a lock means."""
    try:
        packages = json.loads(said.out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = next((line for line in reversed(said.err.splitlines()) if line.strip()), f"exit code {said.code}")
        return Outcome((f"{lock}: not audited, the advisories were not reached ({last.strip()})",), False, False)
    left_out = [str(one["name"]) for one in packages if "skip_reason" in one]
    lines = [
        f"{lock}: {one['name']} {one['version']}: {weakness['id']}"
        + (f", mended in {', '.join(weakness['fix_versions'])}" if weakness["fix_versions"] else ", not mended yet")
        for one in packages
        for weakness in one.get("vulns", ())
    ]
    weak = bool(lines)
    counts = f"{len(packages) - len(left_out)} of {len(packages)} packages audited"
    lines.append(
        f"{lock}: {counts}" + ("" if weak or len(left_out) == len(packages) else ", no weakness known of them")
    )
    if left_out:
        more = f" and {len(left_out) - SHOWN} more" if len(left_out) > SHOWN else ""
        lines.append(f"{lock}: not audited: {', '.join(left_out[:SHOWN])}{more}")
    return Outcome(tuple(lines), weak, not left_out)


def asked(lock: Path, service: str) -> Said:
    """Has pip-audit ask about a lock; nothing is installed."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    done = subprocess.run(
        [*command, "-f", "json", "-s", service, "-r", str(lock)], capture_output=True, text=True, check=False
    )
    return Said(done.stdout, done.stderr, done.returncode)


def code_of(outcomes: Sequence[Outcome]) -> int:
    """The exit code: what is known weighs more than what is not."""
    if any(one.weak for one in outcomes):
        return 1
    return 0 if all(one.whole for one in outcomes) else 2


def main(words: Sequence[str] | None = None) -> int:
    """Ask, print what was said, return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("locks", nargs="*", default=LOCKS)
    parser.add_argument("-s", "--service", choices=("pypi", "osv", "esms"), default="pypi")
    args = parser.parse_args(words)
    outcomes = [outcome(lock, asked(ROOT / lock, args.service)) for lock in args.locks]
    for line in (line for one in outcomes for line in one.lines):
        print(line, flush=True)
    if not all(one.whole for one in outcomes):
        print(REMEDY, file=sys.stderr)
    return code_of(outcomes)


if __name__ == "__main__":
    sys.exit(main())
