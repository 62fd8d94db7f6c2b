"""A tiny CLIP that has learnt to find drawn shapes by words, in a minute on one core; and the drawings.

``train_shapes_clip(folder)`` saves a model as the hub lays it out, for ``Settings(encoder=str(folder))``. What it has
seen are drawings of :func:`draw` with captions of :func:`describe` in several wordings; scenes in :data:`HELD_OUT` are
never among them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageDraw
from tiny_models import clip_tokenizer
from transformers import CLIPConfig, CLIPModel, CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

COLOURS = {
    "red": (215, 35, 35), "green": (40, 150, 60), "blue": (45, 70, 215), "yellow": (240, 205, 30),
    "black": (25, 25, 25), "orange": (245, 130, 20), "purple": (130, 40, 160), "pink": (250, 140, 190),
}  # fmt: skip
SHAPES = ("circle", "square", "triangle", "cross", "ring", "star")
PLACES = ("above", "beside")
WORDINGS = (
    "A {0}", "{0}", "{0}.", "Where is a {0}?", "Which page shows a {0}?", "The picture of a {0}", "Show me the {0}",
    "A drawing of the {0}",
)  # fmt: skip
SIDE, PATCH, WIDTH = 48, 8, 64
TEMPERATURE = 0.07
BATCH = 128


class Scene(NamedTuple):
    """One thing ("red circle") ``above`` or ``beside`` another."""

    first: tuple[str, str]
    place: str
    second: tuple[str, str]


def every_scene() -> list[Scene]:
    """All scenes of two different things, in an order drawn from a fixed seed."""
    things = list(product(COLOURS, SHAPES))
    scenes = [Scene(a, place, b) for a, place, b in product(things, PLACES, things) if a != b]
    random.Random(7).shuffle(scenes)
    return scenes


HELD_OUT = every_scene()[:400]
"""For libraries; none of them was trained on."""


def describe(scene: Scene) -> str:
    """``red circle above a blue square``."""
    return f"{' '.join(scene.first)} {scene.place} a {' '.join(scene.second)}"


def draw(scene: Scene, chance: random.Random, side: int = 4 * SIDE) -> Image.Image:
    """The scene on white; where exactly and how large is chance."""
    image = Image.new("RGB", (side, side), "white")
    pen = ImageDraw.Draw(image)
    middles = ((0.5, 0.28), (0.5, 0.72)) if scene.place == "above" else ((0.28, 0.5), (0.72, 0.5))
    for (colour, shape), (x, y) in zip((scene.first, scene.second), middles, strict=True):
        centre = ((x + chance.uniform(-0.05, 0.05)) * side, (y + chance.uniform(-0.05, 0.05)) * side)
        _shape(pen, shape, COLOURS[colour], centre, chance.uniform(0.15, 0.2) * side)
    return image


def _shape(
    pen: ImageDraw.ImageDraw, shape: str, colour: tuple[int, int, int], centre: tuple[float, float], size: float
) -> None:
    x, y = centre
    box = (x - size, y - size, x + size, y + size)
    if shape == "circle":
        pen.ellipse(box, fill=colour)
    elif shape == "ring":
        pen.ellipse(box, outline=colour, width=round(size * 0.35))
    elif shape == "square":
        pen.rectangle(box, fill=colour)
    elif shape == "triangle":
        pen.polygon([(x, y - size), (x - size, y + size), (x + size, y + size)], fill=colour)
    elif shape == "cross":
        pen.rectangle((x - size, y - size / 4, x + size, y + size / 4), fill=colour)
        pen.rectangle((x - size / 4, y - size, x + size / 4, y + size), fill=colour)
    else:
        turns = [np.pi * step / 5 for step in range(10)]
        radii = [size if step % 2 == 0 else size * 0.4 for step in range(10)]
        pen.polygon([(x + r * np.sin(t), y - r * np.cos(t)) for t, r in zip(turns, radii, strict=True)], fill=colour)


def untrained(seed: int = 0) -> tuple[CLIPModel, CLIPTokenizer, CLIPImageProcessorPil]:
    """The model before training: weights drawn from a seed."""
    tokenizer = clip_tokenizer()
    special = {name: getattr(tokenizer, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    layers = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = CLIPConfig(
        text_config={**layers, **special, "vocab_size": len(tokenizer), "max_position_embeddings": 77},
        vision_config={**layers, "image_size": SIDE, "patch_size": PATCH},
        projection_dim=48,
    )
    torch.manual_seed(seed)
    crop = {"crop_size": {"height": SIDE, "width": SIDE}, "size": {"shortest_edge": SIDE}}
    return CLIPModel(config), tokenizer, CLIPImageProcessorPil(**crop)


def save_untrained(folder: Path, seed: int = 0) -> Path:
    """Save the model as it is before training."""
    return _save(folder, *untrained(seed))


def train_shapes_clip(folder: Path, steps: int = 260, seed: int = 0) -> Path:
    """Train on drawings and captions (symmetric cross-entropy over batches), and save."""
    model, tokenizer, processor = untrained(seed)
    chance = random.Random(seed)
    known = every_scene()[len(HELD_OUT) :]
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=2e-3, total_steps=steps)
    model.train()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a model is slower on several, which wait for each other
    for _ in range(steps):
        scenes = chance.sample(known, BATCH)
        loss = _loss(model, tokenizer, processor, scenes, chance)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    torch.set_num_threads(threads)
    return _save(folder, model.eval(), tokenizer, processor)


def _loss(
    model: CLIPModel,
    tokenizer: CLIPTokenizer,
    processor: CLIPImageProcessorPil,
    scenes: Sequence[Scene],
    chance: random.Random,
) -> torch.Tensor:
    said = [chance.choice(WORDINGS).format(describe(scene)) for scene in scenes]
    tokens = tokenizer(said, padding=True, return_tensors="pt")
    pixels = processor([draw(scene, chance, SIDE) for scene in scenes], return_tensors="pt")
    found = model(**tokens, **pixels)
    texts = torch.nn.functional.normalize(found.text_embeds, dim=1)
    pictures = torch.nn.functional.normalize(found.image_embeds, dim=1)
    scores, right = texts @ pictures.T / TEMPERATURE, torch.arange(len(scenes))
    both = torch.nn.functional.cross_entropy(scores, right) + torch.nn.functional.cross_entropy(scores.T, right)
    return both / 2


def _save(folder: Path, *parts: CLIPModel | CLIPTokenizer | CLIPImageProcessorPil) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for part in parts:
        part.save_pretrained(folder)
    return folder
