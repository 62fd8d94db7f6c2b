"""OpenCLIP checkpoints in their own layout, run by transformers' CLIP: their weights are renamed while they are read.

The package open_clip_torch needs torchvision and is not used. Its plain vision transformer with a text transformer is
CLIP as transformers knows it (checked against open_clip_torch 3.3.0: rows equal to 1e-6); ResNets, timm towers, CoCa
and text towers from elsewhere are other networks and are refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from transformers import AutoTokenizer, CLIPConfig, CLIPModel
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from rag.encoders.hub import OPENCLIP
from rag.encoders.local.checkpoint import (
    LOADING_ERRORS,
    REMOTE_CODE,
    SETTING_FILES,
    UNUSED_WEIGHTS,
    first_line,
    identity_of,
    no_int8,
    no_reports,
    placed,
    settings_of,
    unavailable,
)
from rag.encoders.local.clip import DualEncoder
from rag.encoders.parts import Runtime
from rag.encoders.spec import INT8, Spec

NEUTRAL = {
    "patch_dropout", "output_tokens", "final_ln_after_pool", "hf_tokenizer_name", "tokenizer_mode", "pad_id", "eos_id",
    "timm_model_pretrained", "timm_pool", "timm_proj", "timm_proj_bias", "timm_drop", "timm_drop_path",
    "hf_model_pretrained", "hf_proj_type", "hf_pooler_type", "attn_pooler_queries", "attn_pooler_heads",
}  # fmt: skip
"""Settings that change no vector of a plain tower that pools one token."""
USED = {
    "layers", "width", "head_width", "heads", "mlp_ratio", "patch_size", "image_size", "context_length", "vocab_size",
}  # fmt: skip
USUAL = {"pool_type": ("tok", "argmax"), "pos_embed_type": ("learnable",), "proj_type": ("linear",)}
TOKENIZER_FILES = ("tokenizer.json", "vocab.json")
LAYER = {
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "attn.out_proj": "self_attn.out_proj",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}
WHOLE = {
    "visual.class_embedding": "vision_model.embeddings.class_embedding",
    "visual.positional_embedding": "vision_model.embeddings.position_embedding.weight",
    "visual.conv1.weight": "vision_model.embeddings.patch_embedding.weight",
    "token_embedding.weight": "text_model.embeddings.token_embedding.weight",
    "positional_embedding": "text_model.embeddings.position_embedding.weight",
    "text_projection.weight": "text_projection.weight",
}
NORMS = {
    "visual.ln_pre": "vision_model.pre_layrnorm",
    "visual.ln_post": "vision_model.post_layernorm",
    "ln_final": "text_model.final_layer_norm",
}
TURNED = {"visual.proj": "visual_projection.weight", "text_projection": "text_projection.weight"}
"""Stored as (in, out), where a linear layer is (out, in)."""
TOWERS = {"visual.transformer.resblocks.": "vision_model", "transformer.resblocks.": "text_model"}


def open_openclip(spec: Spec, folder: Path, runtime: Runtime) -> DualEncoder:
    """Raises :class:`~rag.errors.EncoderUnavailable` for towers that are not CLIP's, or files that cannot be read."""
    settings = settings_of(folder, OPENCLIP.config)
    if spec.options.precision == INT8:
        raise no_int8(spec, "weights in OpenCLIP's own layout are not turned into graphs")
    weights = OPENCLIP.weight_files(folder)
    if not weights:
        raise unavailable(spec, folder, f"it holds none of {', '.join(OPENCLIP.weights)}")
    if not any((folder / name).is_file() for name in TOKENIZER_FILES):
        why = "it holds no tokenizer.json; for the usual tokenizer copy that of openai/clip-vit-large-patch14 into it"
        raise unavailable(spec, folder, why)
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, **REMOTE_CODE)
        config = _config(settings["model_cfg"], tokenizer)
        with no_reports():
            model, report = CLIPModel.from_pretrained(
                None,
                config=config,
                state_dict=dict(_renamed(_read(weights[0]))),
                dtype=getattr(torch, spec.options.precision),
                output_loading_info=True,
            )
        processor = _processor(settings.get("preprocess_cfg", {}), config.vision_config.image_size)
    except LOADING_ERRORS as exc:
        raise unavailable(spec, folder, first_line(exc)) from exc
    missing = [key for key in report["missing_keys"] if not any(part in key for part in UNUSED_WEIGHTS)]
    if missing:
        raise unavailable(spec, folder, f"{len(missing)} weights are missing, the first is {sorted(missing)[0]}")
    files = [weights[0], *(folder / name for name in (OPENCLIP.config, *SETTING_FILES) if (folder / name).is_file())]
    return DualEncoder(placed(spec, folder, model, tokenizer, runtime, identity_of(spec, folder, files)), processor)


def _read(path: Path) -> dict[str, torch.Tensor]:
    if path.suffix == ".safetensors":
        return dict(load_file(path))
    found = torch.load(path, map_location="cpu", weights_only=True)
    return dict(found.get("state_dict", found))


def _config(model: Mapping[str, Any], tokenizer: Any) -> CLIPConfig:
    """Raises ValueError, naming the setting, for a network that is not CLIP's."""
    vision, text = model["vision_cfg"], model["text_cfg"]
    for tower, cfg in (("vision", vision), ("text", text)):
        for name, value in cfg.items():
            known = name in USED | NEUTRAL or value in USUAL.get(name, ())
            if not known and value not in (None, False):
                raise ValueError(f"its {tower} tower has {name} = {value!r}, which CLIP of transformers does not have")
    if isinstance(vision["layers"], list):
        raise ValueError("its vision tower is a ResNet, which CLIP of transformers does not have")
    act = "quick_gelu" if model.get("quick_gelu") else "gelu"
    return CLIPConfig(
        text_config={
            **_tower(text, int(text.get("heads", 8)), act),
            "vocab_size": text.get("vocab_size", 49408),
            "max_position_embeddings": text.get("context_length", 77),
            **{name: getattr(tokenizer, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")},
        },
        vision_config={
            **_tower(vision, int(vision["width"]) // int(vision.get("head_width", 64)), act),
            "image_size": vision.get("image_size", 224),
            "patch_size": vision.get("patch_size", 16),
        },
        projection_dim=model["embed_dim"],
    )


def _tower(cfg: Mapping[str, Any], heads: int, act: str) -> dict[str, Any]:
    width = int(cfg["width"])
    return {
        "hidden_size": width,
        "intermediate_size": int(width * cfg.get("mlp_ratio", 4.0)),
        "num_hidden_layers": int(cfg["layers"]),
        "num_attention_heads": heads,
        "hidden_act": act,
    }


def _renamed(weights: Mapping[str, torch.Tensor]) -> Iterator[tuple[str, torch.Tensor]]:
    """Each weight under transformers' name; what CLIP does not know is left out."""
    for key, value in weights.items():
        name = key.removeprefix("text.")
        stem, _, kind = name.rpartition(".")
        tower = next((prefix for prefix in TOWERS if name.startswith(prefix)), "")
        if name in TURNED:
            yield TURNED[name], value.T.contiguous()
        elif name in WHOLE:
            yield WHOLE[name], value
        elif stem in NORMS:
            yield f"{NORMS[stem]}.{kind}", value
        elif tower:
            yield from _layer(f"{TOWERS[tower]}.encoder.layers.", name.removeprefix(tower), value)


def _layer(prefix: str, name: str, value: torch.Tensor) -> Iterator[tuple[str, torch.Tensor]]:
    number, _, rest = name.partition(".")
    stem, _, kind = rest.rpartition(".")
    if rest in ("attn.in_proj_weight", "attn.in_proj_bias"):
        for part, rows in zip("qkv", value.chunk(3), strict=True):
            yield f"{prefix}{number}.self_attn.{part}_proj.{rest.rpartition('_')[2]}", rows.contiguous()
    elif stem in LAYER:
        yield f"{prefix}{number}.{LAYER[stem]}.{kind}", value


def _processor(cfg: Mapping[str, Any], side: int) -> CLIPImageProcessorPil:
    """open_clip's preprocessing for inference: to the short side and a centre crop, or squashed."""
    mode = cfg.get("resize_mode") or "shortest"
    if mode not in ("shortest", "squash"):
        raise ValueError(f"its preprocess_cfg has resize_mode = {mode!r}; shortest and squash are known")
    square = {"height": side, "width": side}
    return CLIPImageProcessorPil(
        size={"shortest_edge": side} if mode == "shortest" else square,
        crop_size=square,
        do_center_crop=mode == "shortest",
        resample=2 if cfg.get("interpolation") == "bilinear" else 3,
        **{key: cfg[name] for name, key in (("mean", "image_mean"), ("std", "image_std")) if cfg.get(name)},
    )
