"""A Whisper model with a handful of random weights, in CTranslate2's format: it hears nothing, but runs."""

from __future__ import annotations

import json
from pathlib import Path

MARKS = ("endoftext", "startoftranscript", "en", "translate", "transcribe", "startoflm", "startofprev", "nospeech")


def save_tiny_whisper(folder: Path) -> Path:
    """As ``ct2-transformers-converter`` makes it of a model of transformers."""
    import ctranslate2
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import WhisperConfig, WhisperForConditionalGeneration

    source = folder.with_name(f"{folder.name}-source")
    source.mkdir(parents=True)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: number for number, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    moments = [f"<|{0.02 * number:.2f}|>" for number in range(1501)]
    tokenizer.add_special_tokens([f"<|{mark}|>" for mark in (*MARKS, "notimestamps")] + moments)
    end = tokenizer.token_to_id("<|endoftext|>")
    torch.manual_seed(0)
    model = WhisperForConditionalGeneration(
        WhisperConfig(
            vocab_size=tokenizer.get_vocab_size(),
            d_model=64,
            encoder_layers=1,
            decoder_layers=1,
            encoder_attention_heads=2,
            decoder_attention_heads=2,
            encoder_ffn_dim=64,
            decoder_ffn_dim=64,
            decoder_start_token_id=tokenizer.token_to_id("<|startoftranscript|>"),
            eos_token_id=end,
            bos_token_id=end,
            pad_token_id=end,
        )
    )
    config = model.generation_config
    config.suppress_tokens, config.begin_suppress_tokens, config.alignment_heads = [], [], [[0, 0]]
    config.lang_to_id, config.is_multilingual = {"<|en|>": tokenizer.token_to_id("<|en|>")}, False
    model.save_pretrained(source)
    tokenizer.save(str(source / "tokenizer.json"))
    named = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|endoftext|>"}
    (source / "tokenizer_config.json").write_text(json.dumps(named))
    ctranslate2.converters.TransformersConverter(str(source), copy_files=["tokenizer.json"]).convert(str(folder))
    return folder
