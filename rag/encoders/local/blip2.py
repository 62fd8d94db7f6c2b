"""BLIP-2's retrieval head with the two methods of a dual encoder.

The model gives a picture as many unit vectors as it has query tokens (32), and scores a text by the best of them (Li et
al. 2023). Here a picture has one vector, the mean of those: its inner product with a text is the mean of the 32
cosines, not the best of them, so a picture that is about several things scores lower than in the paper.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import Blip2ForImageTextRetrieval

from rag.encoders.local.checkpoint import settings_of, unavailable
from rag.encoders.spec import Spec


class Blip2Towers(Blip2ForImageTextRetrieval):  # type: ignore[misc]
    """The same weights as Blip2ForImageTextRetrieval, each tower alone."""

    def get_text_features(self, input_ids: Any, attention_mask: Any = None, token_type_ids: Any = None) -> torch.Tensor:
        """(n, d): the first token's state. ``token_type_ids`` are what some tokenizers add; the model has no use."""
        states = self._states(self.embeddings(input_ids=input_ids), query_length=0, attention_mask=attention_mask)
        projected: torch.Tensor = self.text_projection(states[:, 0].to(self.text_projection.weight.dtype))
        return projected

    def get_image_features(self, pixel_values: torch.Tensor) -> torch.Tensor:
        """(n, d): the mean of the query tokens' unit vectors."""
        seen = self.vision_model(pixel_values=pixel_values).last_hidden_state
        states = self._states(self.query_tokens.expand(len(seen), -1, -1), encoder_hidden_states=seen)
        projected = self.vision_projection(states.to(self.vision_projection.weight.dtype)).float()
        return torch.nn.functional.normalize(projected, dim=-1).mean(dim=1)

    def _states(self, query_embeds: torch.Tensor, **inputs: Any) -> torch.Tensor:
        states: torch.Tensor = self.qformer(query_embeds=query_embeds, **inputs).last_hidden_state
        return states


def check_head(spec: Spec, folder: Path) -> None:
    """Raise :class:`~rag.errors.EncoderUnavailable` for a BLIP-2 that writes text and has no retrieval head."""
    kinds = settings_of(folder, "config.json").get("architectures") or []
    if "Blip2ForImageTextRetrieval" not in kinds:
        why = f"it is a {', '.join(kinds) or 'BLIP-2'} without the retrieval head; Salesforce/blip2-itm-vit-g has it"
        raise unavailable(spec, folder, why)
