"""How much is tried: a little and the same every day; more, and other, with ``--hypothesis-profile long``.

An environment that was made before hypothesis was locked leaves these tests out; CI never does.
"""

from __future__ import annotations

import os
from importlib.util import find_spec

collect_ignore_glob = ["test_*.py"] if find_spec("hypothesis") is None and "CI" not in os.environ else []

if not collect_ignore_glob:
    from hypothesis import HealthCheck, settings

    COMMON = {
        "deadline": None,
        "database": None,
        "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    }
    settings.register_profile("everyday", max_examples=40, derandomize=True, **COMMON)
    settings.register_profile("long", max_examples=3000, **COMMON)
    settings.load_profile("everyday")
