"""What `make audit` says of pip-audit's reports: what was not audited is never taken for sound."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.audit import Said, code_of, outcome

SOUND = {"name": "attrs", "version": "26.1", "vulns": []}
WEAK = {"name": "idna", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.0"]}]}
UNMENDED = {"name": "wrapt", "version": "3.0", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]}
UNKNOWN = {"name": "yarl", "skip_reason": "Dependency not found on PyPI and could not be audited: yarl (1.25.1)"}


def report(*packages: dict[str, Any], code: int = 0) -> Said:
    return Said(json.dumps({"dependencies": packages, "fixes": []}), "No known vulnerabilities found", code)


@pytest.mark.parametrize(
    ("said", "lines", "code"),
    [
        (report(SOUND), ["a.txt: 1 of 1 packages audited, no weakness known of them"], 0),
        (
            report(WEAK, UNMENDED, code=1),
            ["a.txt: idna 1.0: PYSEC-1, mended in 2.0", "a.txt: wrapt 3.0: PYSEC-2, not mended yet",
             "a.txt: 2 of 2 packages audited"],
            1,
        ),
        (report(UNKNOWN), ["a.txt: 0 of 1 packages audited", "a.txt: not audited: yarl"], 2),
        (
            report(SOUND, *[UNKNOWN] * 7),
            ["a.txt: 1 of 8 packages audited, no weakness known of them",
             "a.txt: not audited: yarl, yarl, yarl, yarl, yarl and 2 more"],
            2,
        ),
        (
            Said("", "Traceback …\nConnectionError: Failed to resolve 'api.example'\n", 1),
            ["a.txt: not audited, the advisories were not reached (ConnectionError: Failed to resolve 'api.example')"],
            2,
        ),
        (Said("", "", 7), ["a.txt: not audited, the advisories were not reached (exit code 7)"], 2),
    ],
)  # fmt: skip
def test_what_a_report_means(said: Said, lines: list[str], code: int) -> None:
    found = outcome("a.txt", said)
    assert list(found.lines) == lines
    assert code_of([found]) == code


def test_what_is_known_weighs_more_than_what_is_not() -> None:
    assert code_of([outcome("a", report(UNKNOWN)), outcome("b", report(WEAK))]) == 1
    assert code_of([outcome("a", report(UNKNOWN)), outcome("b", report(SOUND))]) == 2
