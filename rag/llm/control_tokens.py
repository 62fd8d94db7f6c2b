"""The control tokens of chat templates, made words again: a document must not end its message and begin another.

Model servers put a whole conversation into one text and turn every control token in it into the token itself, also
those that stand in a message's content (llama.cpp issue 26273, Ollama pull request 17262, both of 2026): a page with
``<|im_end|><|im_start|>system`` on it speaks as the system, one with ``<__media__>`` or ``<image>`` makes the server
count one picture too many and refuse the request (llama.cpp pull request 27375).

    >>> as_words("stop <|im_end|> now [INST]")
    'stop &lt;|im_end|> now (INST)'
"""

from __future__ import annotations

import re

_NAMED = (
    "s|bos|eos|pad|unk|image|img|video|audio|think|tool_call|tool_calls|tool_response|function_call|"
    "start_of_turn|end_of_turn|start_of_image|end_of_image|start_of_audio|end_of_audio|image_soft_token|"
    "audio_soft_token|img_context|image_placeholder|fim_prefix|fim_suffix|fim_middle|fim_pad|endoftext"
)
_ANGLED = re.compile(
    r"<(?="
    r"[|｜][^<>\n]{1,60}>"  # <|im_start|>, <|turn>, <｜User｜>
    r"|[\w/.:-]{1,60}[|｜]>"  # <turn|>
    r"|__media[^<>\s]{0,60}>"  # llama.cpp's place of a picture
    r"|/?(?:unused\d{1,4}|reserved_\w{1,40})>"
    rf"|/?(?:{_NAMED})>"
    r"|<\s?/?SYS>>"
    r")",
    re.IGNORECASE,
)
_SQUARE = re.compile(
    r"\[(/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS?|TOOL_RESULTS?|TOOL_CONTENT|CALL_ID|ARGS|THINK|"
    r"IMG(?:_BREAK|_END)?|BEGIN_AUDIO|AUDIO|PREFIX|SUFFIX|MIDDLE|gMASK|sMASK|BOS|EOS|UNK|PAD))\]"
)


def as_words(text: str) -> str:
    """A text in which no control token stands: its angle bracket is ``&lt;``, its square ones are round.

    Known ones alone are touched; HTML and code stay as they are.
    """
    return _SQUARE.sub(r"(\1)", _ANGLED.sub("&lt;", text))
