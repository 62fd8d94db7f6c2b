"""Fits a linear ranker's weights: a softmax over each question's candidates.

It knows nothing of what the features mean, how they are found, or who is held out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from rag.types import Float64Array

ONE_SIDED = 1.0  # penalty on a weight below zero where its feature can only speak for a candidate
STEPS = 60  # of L-BFGS; more change nothing
Example = tuple[Float64Array, NDArray[np.bool_]]


def fit(
    groups: Sequence[Example], start: Float64Array, ridge: float, only_for: Float64Array | None = None
) -> Float64Array:
    """Weights that make right candidates likely: mean of -log(sum of their probabilities), ridge to ``start``.

    Where ``only_for`` is 1, a weight below zero is penalized more.
    """
    usable = [(features, right) for features, right in groups if right.any() and not right.all()]
    sizes = torch.tensor([len(features) for features, _ in usable])
    owner = torch.repeat_interleave(torch.arange(len(usable)), sizes)
    rows = torch.tensor(np.concatenate([features for features, _ in usable]))
    right = torch.tensor(np.concatenate([r for _, r in usable]))
    origin = torch.tensor(start)
    one_sided = torch.tensor(np.zeros(len(start)) if only_for is None else only_for)
    weights = origin.clone().requires_grad_()
    method = torch.optim.LBFGS([weights], max_iter=STEPS, history_size=12, line_search_fn="strong_wolfe")

    def log_sums(scores: torch.Tensor) -> torch.Tensor:
        highest = torch.full((len(usable),), -torch.inf, dtype=scores.dtype)
        highest = highest.scatter_reduce(0, owner, scores.detach(), "amax")
        return torch.zeros_like(highest).index_add(0, owner, torch.exp(scores - highest[owner])).log() + highest

    def closure() -> torch.Tensor:
        method.zero_grad()
        scores = rows @ weights
        good = log_sums(scores.masked_fill(~right, -1e6))
        loss = (log_sums(scores) - good).mean() + ridge / 2 * ((weights - origin) ** 2).sum()
        loss = loss + ONE_SIDED / 2 * (one_sided * weights.clamp(max=0.0) ** 2).sum()
        loss.backward()
        return loss

    method.step(closure)
    return np.asarray(weights.detach().numpy(), dtype=np.float64)
