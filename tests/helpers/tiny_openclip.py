"""A small OpenCLIP checkpoint in its own layout, and its network written out: what our renamed weights must agree with.

The network follows open_clip's plain towers (torch's own attention, GELU, one pooled token).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from tiny_models import LAYERS, SIDE, clip_tokenizer
from torch import nn

PATCH, WIDTH, HEADS, DIM, WINDOW = 8, LAYERS["hidden_size"], LAYERS["num_attention_heads"], 16, 77
MEAN, STD = (0.5, 0.4, 0.3), (0.2, 0.25, 0.3)


class Block(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.attn = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(WIDTH, 4 * WIDTH), "c_proj": nn.Linear(4 * WIDTH, WIDTH)})

    def forward(self, states: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        normed = self.ln_1(states)
        states = states + self.attn(normed, normed, normed, attn_mask=mask, need_weights=False)[0]
        return states + self.mlp["c_proj"](nn.functional.gelu(self.mlp["c_fc"](self.ln_2(states))))


class Tower(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.resblocks = nn.ModuleList(Block() for _ in range(LAYERS["num_hidden_layers"]))

    def forward(self, states: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        for block in self.resblocks:
            states = block(states, mask)
        return states


class Visual(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, WIDTH, PATCH, PATCH, bias=False)
        self.class_embedding = nn.Parameter(torch.randn(WIDTH))
        self.positional_embedding = nn.Parameter(torch.randn((SIDE // PATCH) ** 2 + 1, WIDTH))
        self.ln_pre, self.ln_post, self.transformer = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH), Tower()
        self.proj = nn.Parameter(torch.randn(WIDTH, DIM))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        patches = self.conv1(pixels).flatten(2).transpose(1, 2)
        first = self.class_embedding.expand(len(pixels), 1, -1)
        states = self.transformer(self.ln_pre(torch.cat([first, patches], dim=1) + self.positional_embedding))
        return self.ln_post(states[:, 0]) @ self.proj


class OpenClip(nn.Module):  # type: ignore[misc]
    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.visual, self.transformer = Visual(), Tower()
        self.token_embedding = nn.Embedding(vocabulary, WIDTH)
        self.positional_embedding = nn.Parameter(torch.randn(WINDOW, WIDTH))
        self.ln_final = nn.LayerNorm(WIDTH)
        self.text_projection = nn.Parameter(torch.randn(WIDTH, DIM))
        self.logit_scale = nn.Parameter(torch.tensor(4.6))

    def encode_text(self, ids: torch.Tensor) -> torch.Tensor:
        """``ids`` are padded with 0 to the window; the end token has the highest id."""
        mask = torch.full((WINDOW, WINDOW), float("-inf")).triu(1)
        states = self.ln_final(self.transformer(self.token_embedding(ids) + self.positional_embedding, mask))
        return states[torch.arange(len(ids)), ids.argmax(dim=-1)] @ self.text_projection


def save_tiny_openclip(folder: Path, seed: int = 0, custom_text: bool = False, **vision: object) -> Path:
    """As ``push_to_hf_hub`` of open_clip lays a folder out; ``custom_text`` puts the text tower under ``text.``."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = clip_tokenizer()
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    model = OpenClip(len(tokenizer))
    for parameter in model.parameters():
        parameter.data.mul_(0.5)
    weights = {_name(name, custom_text): value.contiguous() for name, value in model.state_dict().items()}
    save_file(weights, folder / "open_clip_model.safetensors")
    vision_cfg = {"image_size": SIDE, "layers": 2, "width": WIDTH, "head_width": WIDTH // HEADS, "patch_size": PATCH}
    text_cfg = {"context_length": WINDOW, "vocab_size": len(tokenizer), "width": WIDTH, "heads": HEADS, "layers": 2}
    settings = {
        "model_cfg": {"embed_dim": DIM, "vision_cfg": {**vision_cfg, **vision}, "text_cfg": text_cfg},
        "preprocess_cfg": {"mean": MEAN, "std": STD, "interpolation": "bicubic", "resize_mode": "squash"},
    }
    (folder / "open_clip_config.json").write_text(json.dumps(settings))
    return folder


def reference(folder: Path, seed: int, text: str, image: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """Unit rows of a text and a picture from the network above; ``seed`` as it was saved."""
    tokenizer = clip_tokenizer()
    torch.manual_seed(seed)
    model = OpenClip(len(tokenizer)).eval()
    for parameter in model.parameters():
        parameter.data.mul_(0.5)
    ids = torch.zeros(1, WINDOW, dtype=torch.long)
    found = tokenizer(text)["input_ids"]
    ids[0, : len(found)] = torch.tensor(found)
    squashed = np.asarray(image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC), dtype=np.float32) / 255
    pixels = torch.tensor((squashed - MEAN) / STD, dtype=torch.float32).permute(2, 0, 1)[None]
    with torch.inference_mode():
        rows = [model.encode_text(ids)[0].numpy(), model.visual(pixels)[0].numpy()]
    return rows[0] / np.linalg.norm(rows[0]), rows[1] / np.linalg.norm(rows[1])


def _name(name: str, custom_text: bool) -> str:
    own = name.startswith("visual.") or name == "logit_scale"
    return f"text.{name}" if custom_text and not own else name
