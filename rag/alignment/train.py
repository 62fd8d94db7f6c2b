"""Training of an alignment: pairs of vectors that belong together are turned towards each other.

Method: symmetric cross-entropy over a batch, every other row of which is a wrong partner (van den Oord et al. 2018,
"InfoNCE"); then the same with the nearest wrong partners added ("hard negatives"), kept only if it helps. Starts from
the identity, stops early by the documents held out; the same rows and seed give the same matrices on one machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from rag.types import Float32Array

TEMPERATURE = 0.05  # scores are divided by it: the lower, the more the nearest wrong partners count
RATE = 1e-3  # of Adam; a tenth of it with hard negatives
BATCHES = 16  # per epoch
LEAST_BATCH = 32  # rows
LARGEST_BATCH = 512  # rows: more are more wrong partners
PATIENCE = 3  # epochs without a smaller loss on the documents held out
LEAST_GAIN = 1e-3  # of that loss
HELD_OUT = 0.2  # share of the documents
HELD_MOST = 2000  # rows of theirs that are looked at: each is compared with all
HARD = 4  # nearest wrong partners per row
NOT_HARD = 1  # of the nearest, left out: it is often another right one

Rows = NDArray[np.intp]


class Fit(NamedTuple):
    """On held-out documents: the loss, and the share of rows whose partner is the nearest of all."""

    loss: float
    found: float


@dataclass(frozen=True, slots=True)
class Trained:
    """Two matrices (d, d), applied to rows from the right: ``left`` to what is asked, ``right`` to what is told.

    ``epochs`` is 0 where none was better than none.
    """

    left: Float32Array
    right: Float32Array
    before: Fit
    after: Fit
    epochs: int
    hard_epochs: int
    held_out: tuple[str, ...]


def train(
    left: Float32Array,
    right: Float32Array,
    owners: Sequence[str],
    shared: bool,
    seed: int,
    most: int = 40,
    device: str = "cpu",
) -> Trained:
    """Train on rows (n, d) of which ``left[i]`` and ``right[i]`` belong together, and to the document ``owners[i]``.

    ``shared``: one matrix for both sides. ``most``: epochs at the most.
    """
    with _one_thread():
        return _train(left, right, owners, shared, seed, most, device)


@contextmanager
def _one_thread() -> Iterator[None]:
    """The matrices are small: on a busy machine several threads wait for each other a hundred times as long."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _train(
    left: Float32Array, right: Float32Array, owners: Sequence[str], shared: bool, seed: int, most: int, device: str
) -> Trained:
    chance = np.random.default_rng(seed)
    names = chance.permutation(sorted(set(owners)))
    held = names[: max(1, round(HELD_OUT * len(names)))]
    is_held = np.isin(owners, held)
    judged = chance.permutation(np.flatnonzero(is_held))[:HELD_MOST]
    work = _Work(left, right, np.flatnonzero(~is_held), judged, shared, chance, device)
    before = work.fit()
    epochs = work.run(most, hard=False)
    hard_epochs = work.run(most, hard=True) if epochs else 0
    work.use_best()
    matrices = [turn.detach().cpu().numpy() for turn in work.turns]
    return Trained(matrices[0], matrices[-1], before, work.fit(), epochs, hard_epochs, tuple(sorted(map(str, held))))


class _Work:
    """The matrices being trained, and the best so far."""

    def __init__(
        self,
        left: Float32Array,
        right: Float32Array,
        rows: Rows,
        held: Rows,
        shared: bool,
        chance: np.random.Generator,
        device: str,
    ) -> None:
        self._sides = [torch.from_numpy(side).to(device) for side in (left, right)]
        self._rows, self._held, self._chance = rows, held, chance
        dim = left.shape[1]
        self.turns = [torch.eye(dim, device=device, requires_grad=True) for _ in range(1 if shared else 2)]
        self._best = [turn.detach().clone() for turn in self.turns]
        self._least = self.fit().loss

    def run(self, most: int, hard: bool) -> int:
        """Train until the held-out loss stops falling; the number of epochs after which it was least."""
        self.use_best()
        step = torch.optim.Adam(self.turns, lr=RATE / 10 if hard else RATE)
        best = 0
        for epoch in range(1, most + 1):
            wrong = self._nearest_wrong() if hard else None
            for batch in self._batches():
                loss = self._loss(batch, None if wrong is None else wrong[batch])
                step.zero_grad()
                loss.backward()
                step.step()
            if (now := self.fit().loss) < self._least - LEAST_GAIN:
                self._least, best = now, epoch
                self._best = [turn.detach().clone() for turn in self.turns]
            elif epoch - best >= PATIENCE:
                break
        return best

    def use_best(self) -> None:
        """Go back to the matrices with the least loss on the documents held out."""
        with torch.no_grad():
            for turn, best in zip(self.turns, self._best, strict=True):
                turn.copy_(best)

    def fit(self) -> Fit:
        """How well the rows held out find their partners with the matrices as they are."""
        with torch.inference_mode():
            scores = self._scores(torch.from_numpy(self._held))
            right = torch.arange(len(scores), device=scores.device)
            loss = torch.nn.functional.cross_entropy(scores, right) + torch.nn.functional.cross_entropy(scores.T, right)
            found = (scores.argmax(dim=1) == right).float().mean()
        return Fit(float(loss) / 2, float(found))

    def _loss(self, batch: Rows, wrong: Rows | None) -> torch.Tensor:
        scores = self._scores(torch.from_numpy(batch))
        right = torch.arange(len(batch), device=scores.device)
        back = torch.nn.functional.cross_entropy(scores.T, right)
        if wrong is not None:
            asked = self._turned(0, torch.from_numpy(batch))
            others = self._turned(1, torch.from_numpy(wrong.ravel())).view(*wrong.shape, -1)
            scores = torch.cat([scores, torch.einsum("nd,nkd->nk", asked, others) / TEMPERATURE], dim=1)
        return (torch.nn.functional.cross_entropy(scores, right) + back) / 2

    def _scores(self, rows: torch.Tensor) -> torch.Tensor:
        return self._turned(0, rows) @ self._turned(1, rows).T / TEMPERATURE

    def _turned(self, side: int, rows: torch.Tensor) -> torch.Tensor:
        turned: torch.Tensor = torch.nn.functional.normalize(self._sides[side][rows] @ self.turns[-side], dim=1)
        return turned

    def _batches(self) -> Iterator[Rows]:
        order = self._chance.permutation(self._rows)
        size = min(max(len(order) // BATCHES, LEAST_BATCH), LARGEST_BATCH)
        yield from np.array_split(order, max(1, len(order) // size))

    def _nearest_wrong(self) -> Rows:
        """(all rows, HARD): for each training row the nearest partners of others, from the training rows alone."""
        found = np.zeros((len(self._sides[0]), HARD), dtype=np.intp)
        with torch.inference_mode():
            everyone = torch.from_numpy(self._rows)
            others = self._turned(1, everyone)
            for batch in np.array_split(self._rows, max(1, len(self._rows) // LARGEST_BATCH)):
                scores = self._turned(0, torch.from_numpy(batch)) @ others.T
                own = torch.from_numpy(np.searchsorted(self._rows, batch))
                scores[torch.arange(len(batch)), own] = -torch.inf
                nearest = scores.topk(HARD + NOT_HARD, dim=1).indices[:, NOT_HARD:]
                found[batch] = self._rows[nearest.cpu().numpy()]
        return found
