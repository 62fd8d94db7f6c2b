"""Fits a linear ranker's weights: a softmax over each question's candidates.

It knows nothing of what the features mean, how they are found, or who is held out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from rag.types import Float64Array

STEPS = 80  # of L-BFGS; more change nothing
AWAY_FROM_ZERO = 0.05  # where a weight that may not be negative starts at the least: at 0 its gradient is 0


class Example(NamedTuple):
    """The candidates of one question: (candidates, features), which are right, and how much the question counts."""

    features: Float64Array
    right: NDArray[np.bool_]
    importance: float = 1.0


def fit(
    examples: Sequence[Example], prior: Float64Array, ridge: Float64Array, signed: NDArray[np.bool_] | None = None
) -> Float64Array:
    """Weights that make right candidates likely: mean of -log(sum of their probabilities), ridge to ``prior``.

    ``prior`` and ``ridge`` are (features,). Weights are not negative, but where ``signed`` says so.
    """
    usable = [example for example in examples if example.right.any() and not example.right.all()]
    sizes = torch.tensor([len(example.features) for example in usable])
    owner = torch.repeat_interleave(torch.arange(len(usable)), sizes)
    rows = torch.tensor(np.concatenate([example.features for example in usable]))
    right = torch.tensor(np.concatenate([example.right for example in usable]))
    importance = torch.tensor([example.importance for example in usable], dtype=torch.float64)
    importance = importance / importance.sum()
    origin, pull = torch.tensor(prior), torch.tensor(ridge)
    free = torch.tensor(np.zeros(len(prior), dtype=bool) if signed is None else signed)
    start = torch.where(free, origin, torch.sqrt(origin.clamp(min=AWAY_FROM_ZERO)))
    parameters = start.clone().requires_grad_()
    method = torch.optim.LBFGS([parameters], max_iter=STEPS, history_size=12, line_search_fn="strong_wolfe")

    def weights() -> torch.Tensor:
        return torch.where(free, parameters, parameters**2)

    def log_sums(scores: torch.Tensor) -> torch.Tensor:
        highest = torch.full((len(usable),), -torch.inf, dtype=scores.dtype)
        highest = highest.scatter_reduce(0, owner, scores.detach(), "amax")
        return torch.zeros_like(highest).index_add(0, owner, torch.exp(scores - highest[owner])).log() + highest

    def closure() -> torch.Tensor:
        method.zero_grad()
        now = weights()
        scores = rows @ now
        good = log_sums(scores.masked_fill(~right, -1e6))
        loss = ((log_sums(scores) - good) * importance).sum() + (pull / 2 * (now - origin) ** 2).sum()
        loss.backward()
        return loss

    method.step(closure)
    return np.asarray(weights().detach().numpy(), dtype=np.float64)
