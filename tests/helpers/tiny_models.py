"""Small model folders with random weights, real tokenizers and real preprocessing, as the hub lays them out.

``save_tiny_clip(folder)`` and ``save_tiny_sentence(folder)`` are what most tests want: give the folder to
``Settings(encoder=..., words=...)``. Weights are drawn from a fixed seed, so a folder saved twice is the same.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import torch
from tokenizers import pre_tokenizers
from transformers import (
    AlignConfig,
    AlignModel,
    AltCLIPConfig,
    AltCLIPModel,
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    BertTokenizer,
    Blip2Config,
    Blip2ForImageTextRetrieval,
    ChineseCLIPConfig,
    ChineseCLIPModel,
    ClapConfig,
    ClapFeatureExtractor,
    ClapModel,
    CLIPConfig,
    CLIPModel,
    CLIPTokenizer,
    DebertaV2Config,
    DebertaV2Model,
    MetaClip2Config,
    MetaClip2Model,
    Siglip2Config,
    Siglip2Model,
    Siglip2Tokenizer,
    SiglipConfig,
    SiglipModel,
    SiglipTokenizer,
)
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil
from transformers.models.chinese_clip.image_processing_pil_chinese_clip import ChineseCLIPImageProcessorPil
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.efficientnet.image_processing_pil_efficientnet import EfficientNetImageProcessorPil
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.siglip2.image_processing_pil_siglip2 import Siglip2ImageProcessorPil

CORPUS = [
    "The pump moves water through the filter and back into the tank.",
    "Clean the filter every month: rinse it under running water and let it dry.",
    "Table 3 lists the error codes, their causes and what the operator should do about them.",
    "Figure 2 shows the exploded view of the motor with the bearing, the shaft and the housing.",
    "Net income rose by 12 percent in the second quarter while costs fell below expectation.",
    "Switch off the power before opening the cover; the capacitor stays charged for five minutes.",
]
SIDE = 32
WIDTH = 32
LAYERS = {
    "hidden_size": WIDTH,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}
VISION = {**LAYERS, "image_size": SIDE, "patch_size": 8}
SQUARE = {"crop_size": {"height": SIDE, "width": SIDE}, "size": {"shortest_edge": SIDE}}


def save_tiny_clip(folder: Path, seed: int = 0) -> Path:
    """A CLIP of a few thousand weights: 16 dimensions, the real window of 77 tokens."""
    tokenizer = clip_tokenizer()
    special = {name: getattr(tokenizer, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    config = CLIPConfig(
        text_config={**LAYERS, **special, "vocab_size": len(tokenizer), "max_position_embeddings": 77},
        vision_config=VISION,
        projection_dim=16,
    )
    torch.manual_seed(seed)
    return _save(folder, CLIPModel(config), tokenizer, CLIPImageProcessorPil(**SQUARE))


def save_tiny_metaclip2(folder: Path, seed: int = 0) -> Path:
    """A MetaCLIP 2: CLIP's network, with another tokenizer in real checkpoints."""
    tokenizer = clip_tokenizer()
    special = {name: getattr(tokenizer, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    config = MetaClip2Config(
        text_config={**LAYERS, **special, "vocab_size": len(tokenizer), "max_position_embeddings": 77},
        vision_config=VISION,
        projection_dim=16,
    )
    torch.manual_seed(seed)
    return _save(folder, MetaClip2Model(config), tokenizer, CLIPImageProcessorPil(**SQUARE))


def save_tiny_chinese_clip(folder: Path, seed: int = 0) -> Path:
    """A Chinese-CLIP: BERT as text tower, trained on 52 tokens."""
    tokenizer = _bert_tokenizer(model_max_length=512)
    text = {**LAYERS, "vocab_size": len(tokenizer), "max_position_embeddings": 512}
    config = ChineseCLIPConfig(text_config=text, vision_config=VISION, projection_dim=16)
    torch.manual_seed(seed)
    return _save(folder, ChineseCLIPModel(config), tokenizer, ChineseCLIPImageProcessorPil(**SQUARE))


def save_tiny_altclip(folder: Path, seed: int = 0) -> Path:
    """An AltCLIP: XLM-RoBERTa as text tower, trained on 77 tokens."""
    tokenizer = _bert_tokenizer(model_max_length=512)
    text = {**LAYERS, "vocab_size": len(tokenizer), "max_position_embeddings": 514, "project_dim": WIDTH}
    config = AltCLIPConfig(
        text_config={**text, "pad_token_id": tokenizer.pad_token_id}, vision_config=VISION, projection_dim=16
    )
    torch.manual_seed(seed)
    return _save(folder, AltCLIPModel(config), tokenizer, CLIPImageProcessorPil(**SQUARE))


def save_tiny_clap(folder: Path, seed: int = 0) -> Path:
    """A CLAP of 16 dimensions that hears a second at once; its scale is so large that one name takes all."""
    tokenizer = _bert_tokenizer(64)
    config = ClapConfig(
        text_config={**LAYERS, "vocab_size": len(tokenizer), "max_position_embeddings": 80, "pad_token_id": 0},
        audio_config={
            "spec_size": 64, "num_mel_bins": 16, "window_size": 4, "hidden_size": 32, "patch_embeds_hidden_size": 16,
            "depths": [1, 1], "num_attention_heads": [2, 2], "num_hidden_layers": 2,
        },
        projection_dim=16,
    )  # fmt: skip
    torch.manual_seed(seed)
    model = ClapModel(config)
    torch.nn.init.constant_(model.logit_scale_a, 9.0)
    extractor = ClapFeatureExtractor(feature_size=16, sampling_rate=16_000, max_length_s=1, truncation="rand_trunc")
    return _save(folder, model, tokenizer, extractor)


def save_tiny_siglip(folder: Path, seed: int = 0) -> Path:
    """A SigLIP with a SentencePiece tokenizer and its window of 64 tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = SiglipTokenizer(vocab_file=_sentencepiece(folder), model_max_length=64)
    config = SiglipConfig(
        text_config={**LAYERS, "vocab_size": len(tokenizer), "max_position_embeddings": 64, "projection_size": WIDTH},
        vision_config=VISION,
    )
    torch.manual_seed(seed)
    return _save(folder, SiglipModel(config), tokenizer, SiglipImageProcessorPil(size={"height": SIDE, "width": SIDE}))


def save_tiny_naflex(folder: Path, seed: int = 0) -> Path:
    """A SigLIP 2 NaFlex: pictures as up to 16 patches in their own aspect ratio."""
    tokenizer = _siglip2_tokenizer()
    config = Siglip2Config(
        text_config={**LAYERS, "vocab_size": len(tokenizer), "max_position_embeddings": 64, "projection_size": WIDTH},
        vision_config={**LAYERS, "num_patches": 16, "patch_size": 8},
    )
    torch.manual_seed(seed)
    return _save(folder, Siglip2Model(config), tokenizer, Siglip2ImageProcessorPil(patch_size=8, max_num_patches=16))


def save_tiny_align(folder: Path, seed: int = 0) -> Path:
    """An ALIGN: EfficientNet and BERT, whose position table is longer than the 64 tokens of its training."""
    tokenizer = _bert_tokenizer(model_max_length=512)
    config = AlignConfig(
        text_config={**LAYERS, "vocab_size": len(tokenizer), "max_position_embeddings": 512},
        vision_config={
            "image_size": SIDE,
            "width_coefficient": 0.1,
            "depth_coefficient": 0.1,
            "num_hidden_layers": 2,
            "pooling_type": "mean",
        },
        projection_dim=32,
    )
    torch.manual_seed(seed)
    model = AlignModel(config)
    for parameter in model.vision_model.parameters():
        if parameter.dim() == 4:  # the library's own start is so small that seven layers give zero
            torch.nn.init.kaiming_normal_(parameter)
    side = {"height": SIDE, "width": SIDE}
    return _save(folder, model, tokenizer, EfficientNetImageProcessorPil(size=side, crop_size=side))


def save_tiny_blip2(folder: Path, seed: int = 0) -> Path:
    """BLIP-2 with its retrieval head: pictures as 4 query vectors of 16 numbers."""
    tokenizer = _bert_tokenizer(model_max_length=512)
    config = Blip2Config(
        vision_config={**LAYERS, "image_size": SIDE, "patch_size": 8, "initializer_range": 0.5},
        qformer_config={
            **LAYERS,
            "vocab_size": len(tokenizer),
            "encoder_hidden_size": WIDTH,
            "use_qformer_text_input": True,
        },
        text_config={"model_type": "opt", "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2},
        num_query_tokens=4,
        image_text_hidden_size=16,
    )
    torch.manual_seed(seed)
    model = Blip2ForImageTextRetrieval(config)
    torch.nn.init.normal_(model.query_tokens)
    return _save(folder, model, tokenizer, BlipImageProcessorPil(size={"height": SIDE, "width": SIDE}))


def save_tiny_sentence(folder: Path, seed: int = 0, window: int = 64) -> Path:
    """A BERT sentence encoder of 32 dimensions, mean pooling, laid out like sentence-transformers."""
    tokenizer = _bert_tokenizer(model_max_length=128)
    config = BertConfig(**LAYERS, vocab_size=len(tokenizer), max_position_embeddings=128)
    torch.manual_seed(seed)
    _save(folder, BertModel(config), tokenizer)
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": window}))
    (folder / "1_Pooling").mkdir(exist_ok=True)
    (folder / "1_Pooling/config.json").write_text(json.dumps({"pooling_mode_mean_tokens": True}))
    return folder


def save_tiny_deberta(folder: Path, seed: int = 0) -> Path:
    """A DeBERTa: attention between token and distance, multiplied by the same matrix for every text."""
    tokenizer = _bert_tokenizer(model_max_length=128)
    config = DebertaV2Config(
        **LAYERS,
        vocab_size=len(tokenizer),
        max_position_embeddings=128,
        relative_attention=True,
        pos_att_type=["p2c", "c2p"],
    )
    torch.manual_seed(seed)
    return _save(folder, DebertaV2Model(config), tokenizer)


def save_tiny_cross_encoder(folder: Path, seed: int = 0, outputs: int = 1) -> Path:
    """A BERT that reads question and passage together and has one output, or two (no, yes)."""
    tokenizer = _bert_tokenizer(model_max_length=128)
    config = BertConfig(
        **LAYERS, vocab_size=len(tokenizer), max_position_embeddings=128, num_labels=outputs, initializer_range=0.5
    )
    torch.manual_seed(seed)
    return _save(folder, BertForSequenceClassification(config), tokenizer)


def _save(folder: Path, *parts: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for part in parts:
        part.save_pretrained(folder)
    return folder


def _words() -> list[str]:
    return sorted({word for text in CORPUS for word in re.findall(r"[a-z]+", text.lower())})


def _numbered(words: list[str]) -> dict[str, int]:
    return {word: number for number, word in enumerate(dict.fromkeys(words))}


def _merges(end: str) -> list[tuple[str, str]]:
    """Byte-pair merges that build every word of the corpus from its start, the same on every run."""
    merges: dict[tuple[str, str], None] = {}
    for word in _words():
        pieces = [*word[:-1], word[-1] + end]
        for stop in range(1, len(pieces)):
            merges["".join(pieces[:stop]), pieces[stop]] = None
    return list(merges)


def _bert_tokenizer(model_max_length: int) -> BertTokenizer:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = [chr(code) for code in range(33, 127)]
    vocab = _numbered([*special, *letters, *(f"##{letter}" for letter in letters), *_words()])
    return BertTokenizer(vocab=vocab, model_max_length=model_max_length)


def clip_tokenizer() -> CLIPTokenizer:
    """CLIP's byte pairs, learnt on the corpus; its end token has the highest id."""
    merges = _merges("</w>")
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [*letters, *(f"{letter}</w>" for letter in letters), *(left + right for left, right in merges)]
    vocab = _numbered([*words, "<|startoftext|>", "<|endoftext|>"])
    return CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=77)


def _siglip2_tokenizer() -> Siglip2Tokenizer:
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    pieces = [f"<0x{byte:02X}>" for byte in range(256)] + ["▁"] + [chr(code) for code in range(33, 127)]
    merges = _merges("")
    vocab = _numbered([*special, *pieces, *(left + right for left, right in merges)])
    return Siglip2Tokenizer(vocab=vocab, merges=merges, model_max_length=64)


def _sentencepiece(folder: Path) -> str:
    import sentencepiece

    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS * 4),
        model_prefix=str(folder / "spiece"),
        vocab_size=120,
        character_coverage=1.0,
        pad_id=2,
        bos_id=-1,
        eos_id=1,
        unk_id=0,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    return str(folder / "spiece.model")
