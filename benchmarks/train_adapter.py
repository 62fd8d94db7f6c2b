#!/usr/bin/env python3
"""Train what is added to a packaged encoder: train_adapter.py e5|minilm PAIRS.jsonl OUT.safetensors [--rank 16].

Pairs are those of help_pairs.py. Low-rank changes of all matrices (Hu et al. 2021, "LoRA") and the matrix that tokens
are put through are trained together, so that of a batch's passages a question is most like its own: by the means of
their states, which the dense channel compares, and by their tokens (Khattab and Zaharia 2020, "ColBERT"), each weighed
by its rarity as the search does it. Passages of the same manual and language count most. What keeps the changes small
is the distance of each mean from that of the unchanged encoder. ``--rank 0`` trains the tokens' matrix alone.

Uses a GPU where torch finds one: 102,000 pairs, two rounds, take E5 80 seconds on an H200. On two cores it is days.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as fn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rag.encoders.packaged.models import MODELS, PackagedModel
from rag.encoders.packaged.samples import SAMPLES
from rag.encoders.packaged.sentence import Opened, _open

PARTS = ("query", "key", "value", "attended", "inner", "outer")
GROUP = 16  # neighbouring pairs of one manual and language, which the others of a batch count less than
QUESTION, PASSAGE = 48, 160  # tokens at most
WHOLE_BATCH = 0.3  # weight of what is not of the same group
NEAR = 8.0  # weight of the distance from the unchanged encoder
TOKENS_SCALE, MEANS_SCALE = 20.0, 20.0  # of cosines, before the softmax; that of tokens is trained
RATE, TOKENS_RATE = 3e-4, 1e-3
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


class Texts(NamedTuple):
    """Numbers of tokens, (texts, length), which of them are there, and which are a text's own."""

    numbers: Tensor
    there: Tensor
    own: Tensor

    def of(self, rows: Tensor) -> Texts:
        """Some of them, on the device."""
        return Texts(*(part[rows].to(DEVICE) for part in self))


class Pairs(NamedTuple):
    """``keys`` number the sections: a passage of the same section is not counted as wrong."""

    questions: Texts
    passages: Texts
    keys: Tensor


class Bert(nn.Module):  # type: ignore[misc]
    """A packaged encoder with changes of ``rank`` beside its matrices; all but these stay as they are."""

    def __init__(self, opened: Opened, rank: int) -> None:
        super().__init__()
        weights = opened.weights
        self.words, self.heads, self.epsilon = weights.words, weights.heads, weights.epsilon
        self.register_buffer("positions", torch.tensor(np.asarray(weights.positions)))
        self.norm = nn.ParameterList([_fixed(part) for part in weights.norm])
        self.layers = nn.ModuleList(
            nn.ParameterDict({name.replace(".", "_"): _fixed(part) for name, part in layer.items()})
            for layer in weights.layers
        )
        self.changes = nn.ModuleList(nn.ParameterDict(_change(layer, rank)) for layer in self.layers)
        self.changed = rank > 0

    def forward(self, texts: Texts) -> Tensor:
        """(texts, length, width) last states."""
        words = torch.from_numpy(self.words(texts.numbers.cpu().numpy().reshape(-1))).to(DEVICE)
        count, length = texts.numbers.shape
        width = words.shape[-1]
        given = words.view(count, length, width) + self.positions[:length]
        states = fn.layer_norm(given, (width,), self.norm[0], self.norm[1], self.epsilon)
        for number, layer in enumerate(self.layers):
            looked = [self._times(states, number, part) for part in ("query", "key", "value")]
            heads = [part.view(count, length, self.heads, -1).transpose(1, 2) for part in looked]
            query, key, value = heads
            mixed = fn.scaled_dot_product_attention(query, key, value, attn_mask=texts.there[:, None, None, :])
            attended = self._times(mixed.transpose(1, 2).reshape(count, length, width), number, "attended")
            after = self._normed(states + attended, layer, "attended")
            outer = self._times(fn.gelu(self._times(after, number, "inner")), number, "outer")
            states = self._normed(after + outer, layer, "outer")
        return states

    def _times(self, given: Tensor, number: int, part: str) -> Tensor:
        layer, change = self.layers[number], self.changes[number]
        matrix = layer[part] + change[f"{part}_down"] @ change[f"{part}_up"] if self.changed else layer[part]
        return given @ matrix + layer[f"{part}_bias"]

    def _normed(self, states: Tensor, layer: nn.ParameterDict, part: str) -> Tensor:
        shape = (states.shape[-1],)
        return fn.layer_norm(states, shape, layer[f"{part}_gain"], layer[f"{part}_shift"], self.epsilon)


def _fixed(array: np.ndarray) -> nn.Parameter:
    return nn.Parameter(torch.tensor(np.asarray(array, dtype=np.float32)), requires_grad=False)


def _change(layer: nn.ParameterDict, rank: int) -> dict[str, nn.Parameter]:
    found = {}
    for part in PARTS if rank else ():
        inputs, outputs = layer[part].shape
        found[f"{part}_down"] = nn.Parameter(torch.randn(inputs, rank) * inputs**-0.5)
        found[f"{part}_up"] = nn.Parameter(torch.zeros(rank, outputs))
    return found


def read_texts(opened: Opened, texts: Sequence[str], prefix: str, most: int) -> Texts:
    """Texts longer than ``most`` tokens are cut."""
    rows = [[opened.start, *opened.encode(prefix + text)[: most - 2], opened.end] for text in texts]
    length = max(map(len, rows))
    numbers = torch.tensor([row + [opened.end] * (length - len(row)) for row in rows])
    sizes = torch.tensor(list(map(len, rows)))[:, None]
    place = torch.arange(length)[None]
    own = (place > len(opened.encode(prefix))) & (place < sizes - 1)
    return Texts(numbers, place < sizes, own)


def read_pairs(path: Path, opened: Opened, model: PackagedModel) -> Pairs:
    """The pairs of a file, in its order."""
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    names = {key: number for number, key in enumerate(dict.fromkeys(pair["key"] for pair in found))}
    return Pairs(
        read_texts(opened, [pair["question"] for pair in found], model.query, QUESTION),
        read_texts(opened, [pair["passage"] for pair in found], model.passage, PASSAGE),
        torch.tensor([names[pair["key"]] for pair in found]),
    )


def unit(rows: Tensor) -> Tensor:
    """Rows of length 1, in 32 bits."""
    return fn.normalize(rows.float(), dim=-1)


def mean_of(states: Tensor, texts: Texts) -> Tensor:
    """(texts, width) unit rows."""
    return unit((states.float() * texts.there[..., None]).sum(1))


def rarity(question: Texts, passages: Texts) -> Tensor:
    """(questions, length): inverse document frequency of a question's tokens among the passages of its group."""
    found = torch.zeros(question.numbers.shape, device=DEVICE)
    for start in range(0, len(found), GROUP):
        own = slice(start, start + GROUP)
        same = question.numbers[own, :, None, None] == passages.numbers[own][None, None]
        known = (same & passages.own[own][None, None]).any(-1).sum(-1).float()
        size = len(passages.numbers[own])
        found[own] = torch.log1p((size - known + 0.5) / (known + 0.5))
    return found * question.own


def token_scores(question: Tensor, weights: Tensor, passages: Tensor, own: Tensor) -> Tensor:
    """(questions, passages): of each token the most like of a passage's, weighed."""
    alike = torch.einsum("aid,bjd->abij", question.to(torch.bfloat16), passages.to(torch.bfloat16))
    best = alike.masked_fill(~own[None, :, None, :], -1.0).amax(-1).float()
    return (best * weights[:, None]).sum(-1) / weights.sum(-1, keepdim=True).clamp_min(1e-6)


def loss_of(scores: Tensor, keys: Tensor, scale: Tensor) -> Tensor:
    """Cross entropy of each question's own passage, among its group and among all."""
    own = torch.arange(len(scores), device=DEVICE)
    same = (keys[:, None] == keys[None]) & (own[:, None] != own[None])
    logits = (scores * scale).masked_fill(same, -1e4)
    among = logits.masked_fill(own[:, None] // GROUP != own[None] // GROUP, -1e4)
    return WHOLE_BATCH * fn.cross_entropy(logits, own) + fn.cross_entropy(among, own)


def common_of(bert: Bert, opened: Opened, model: PackagedModel) -> Tensor:
    """(width,): the mean of tokens' directions."""
    samples = read_texts(opened, SAMPLES, model.passage, model.window).of(torch.arange(len(SAMPLES)))
    with torch.no_grad():
        return unit(bert(samples))[samples.own].mean(0)


def batches(count: int, size: int, rounds: int) -> Iterator[Tensor]:
    """Rows: whole groups in an order of chance."""
    chance = np.random.default_rng(0)
    for _ in range(rounds):
        groups = chance.permutation(count // GROUP)
        for start in range(0, len(groups) - size // GROUP + 1, size // GROUP):
            rows = [np.arange(group * GROUP, (group + 1) * GROUP) for group in groups[start : start + size // GROUP]]
            yield torch.tensor(np.concatenate(rows))


def main_directions(bert: Bert, pairs: Pairs, common: Tensor, kept: int) -> Tensor:
    """(width, kept): where the tokens of the first passages lie, which is what training begins with."""
    some = pairs.passages.of(torch.arange(min(512, len(pairs.keys))))
    with torch.no_grad():
        states = unit(unit(bert(some))[some.own] - common)
    return torch.linalg.eigh(states.T @ states)[1].flip(1)[:, :kept].contiguous()


def trained(bert: Bert, pairs: Pairs, common: Tensor, kept: int, batch: int, rounds: int) -> Tensor:
    """(width, kept): the tokens' matrix; the changes are in ``bert``."""
    tokens = nn.Parameter(main_directions(bert, pairs, common, kept))
    scale = nn.Parameter(torch.tensor(TOKENS_SCALE, device=DEVICE).log())
    changes = list(bert.changes.parameters())
    rates = [{"params": changes, "lr": RATE}] if changes else []
    optimizer = torch.optim.AdamW([*rates, {"params": [tokens, scale], "lr": TOKENS_RATE}], weight_decay=0.01)
    steps = [*batches(len(pairs.keys), batch, rounds)]
    warm_up_and_down = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / 60) * (0.05 + 0.95 * (1 - step / len(steps)))
    )
    for step, rows in enumerate(steps):
        question, passage, keys = pairs.questions.of(rows), pairs.passages.of(rows), pairs.keys[rows].to(DEVICE)
        with torch.autocast(DEVICE, torch.bfloat16):
            asked, answering = bert(question), bert(passage)
        means = mean_of(asked, question), mean_of(answering, passage)
        kept_tokens = [unit((unit(states) - common) @ tokens) for states in (asked, answering)]
        by_tokens = token_scores(kept_tokens[0], rarity(question, passage), kept_tokens[1], passage.own)
        loss = loss_of(by_tokens, keys, scale.exp())
        if changes:
            loss = loss + loss_of(means[0] @ means[1].T, keys, torch.tensor(MEANS_SCALE))
            loss = loss + NEAR * _distance(bert, (question, passage), means)
        optimizer.zero_grad()
        loss.backward()
        if changes:
            nn.utils.clip_grad_norm_(changes, 1.0)
        optimizer.step()
        warm_up_and_down.step()
        if step % 20 == 0:
            print(f"{step}/{len(steps)}: {loss.item():.3f}", flush=True)
    return tokens.detach()


def _distance(bert: Bert, texts: Sequence[Texts], means: Sequence[Tensor]) -> Tensor:
    """How far questions' and passages' means are from those of the unchanged encoder."""
    bert.changed = False
    with torch.no_grad(), torch.autocast(DEVICE, torch.bfloat16):
        before = [mean_of(bert(part), part) for part in texts]
    bert.changed = True
    return sum((1 - (a * b).sum(-1)).mean() for a, b in zip(means, before, strict=True))


def main() -> None:
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=MODELS)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rank", type=int, default=16, help="0: the encoder stays as it is")
    parser.add_argument("--kept", type=int, default=128, help="numbers per token")
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=2)
    args = parser.parse_args()
    torch.manual_seed(0)
    model = MODELS[args.model]
    opened = _open(model)
    bert = Bert(opened, args.rank).to(DEVICE)
    pairs = read_pairs(args.pairs, opened, model)
    bert.changed = False
    common = common_of(bert, opened, model)
    bert.changed = args.rank > 0
    tokens = trained(bert, pairs, common, args.kept, args.batch, args.rounds)
    found = {"common": common, "tokens": tokens}
    for number, changes in enumerate(bert.changes):
        for name, change in changes.items():
            found[f"{number}.{name.replace('_', '.')}"] = change.detach()
    save_file({name: part.half().cpu().contiguous() for name, part in found.items()}, args.out)


if __name__ == "__main__":
    main()
