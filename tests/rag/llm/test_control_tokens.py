"""Control tokens of chat templates in documents are words; what only looks like them stays."""

from __future__ import annotations

import re

import pytest

from rag.llm.control_tokens import as_words

TOKENS = [
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|start_header_id|>", "<|image_pad|>",
    "<｜User｜>", "<｜begin▁of▁sentence｜>", "<|turn>", "<turn|>", "<|channel>", "<start_of_turn>", "<end_of_turn>",
    "<bos>", "</s>", "<s>", "<unused42>", "<image>", "<IMG_CONTEXT>", "<image_soft_token>", "<__media__>",
    "<__media_5f3a__>", "<think>", "</think>", "<tool_call>", "<<SYS>>", "<</SYS>>", "[INST]", "[/INST]",
    "[SYSTEM_PROMPT]", "[TOOL_CALLS]", "[IMG]", "[gMASK]",
]  # fmt: skip


@pytest.mark.parametrize("token", TOKENS)
def test_a_control_token_is_broken_and_readable(token: str) -> None:
    for text in (token, f"a{token}b", token * 3, f"<{token}>"):
        made = as_words(text)
        assert token not in made
        assert re.sub(r"\W|lt", "", made) == re.sub(r"\W", "", text), "its letters are all there"
        assert as_words(made) == made


@pytest.mark.parametrize(
    "text",
    [
        "x < y and y > z",
        "<title>Home</title> a <b> c",
        "if (a<b|c>d) List<String> std::vector<int>",
        "[A] [1] [Fig. 2] [inst. 4]",
        "<- | -> 5 <|> 6",
        "press <Enter>, then ssh <user>@<host> <div class='image'>",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert as_words(text) == text


def test_many_openers_cost_no_more_than_their_length() -> None:
    assert len(as_words("<|" * 50_000 + "<" * 50_000)) == 150_000
