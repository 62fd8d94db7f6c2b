"""The shared space on literals."""

from __future__ import annotations

import numpy as np
import pytest

from rag.encoders.space import centred


def test_centring_takes_out_what_a_modality_shares() -> None:
    mean = np.array([0.9, 0.0, 0.0], dtype=np.float32)
    left, right = (np.array([0.9, y, 0.0], dtype=np.float32) for y in (0.4, -0.4))
    assert float(left @ right) > 0
    assert float(centred(left, mean) @ centred(right, mean)) == pytest.approx(-1)
    assert not centred(np.zeros(3, dtype=np.float32), mean).any()
    assert centred(left, None) is left
