"""What a heading may head: not the next column, and nothing outside the drawn box that it stands in. Pure.

Example: "Tip" in a frame with two sentences heads these and not the paragraph below the frame. "WARNING" without one
heads the paragraph or list below it, and what follows goes on with the section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingestion.blocks import Block
from ingestion.elements import BBox
from ingestion.geometry import COVERED, area, height, inside, wholly_inside, width
from ingestion.text.bidi import has_rtl

EDGE = 2.0  # points by which two blocks may overlap and still be beside or below each other
BOX_SIDE = 24.0  # points of a drawn box's shorter side, at least
BOX_SHARE = 0.5  # of the page under a drawn box, at most
BANNER_SHARE = 0.6  # of the page's width: a box so wide around the first block is a banner and heads the page

_SIGNAL = re.compile(
    r"\W*(?:warning|caution|danger|notice|note|attention|important|tip|hint|remark|warnung|vorsicht|gefahr|achtung|hinweis|"
    r"wichtig|tipp|avertissement|remarque|mise en garde|prudence|conseil|advertencia|precaución|atención|peligro|nota|"
    r"aviso|importante|cuidado|consejo|avvertenza|attenzione|pericolo|avviso|cautela|waarschuwing|let op|voorzichtig|"
    r"gevaar|opmerking|belangrijk|ostrzeżenie|uwaga|niebezpieczeństwo|wskazówka|ważne|atenção|perigo|advertência|dica|"
    r"uyarı|dikkat|tehlike|not|önemli|varování|upozornění|nebezpečí|pozor|poznámka|varning|försiktighet|viktigt|obs|"
    r"advarsel|forsiktig|forsigtig|bemærk|merk|fare|viktig|предупреждение|внимание|осторожно|опасность|опасно|"
    r"примечание|увага|попередження|небезпека|обережно|примітка|警告|注意|危险|危險|危険|注|提示|备注|お願い|ご注意|"
    r"경고|주의|위험|참고)\W*",
    re.IGNORECASE,
)


def is_signal(heading: str) -> bool:
    """Whether a heading is only a signal word: it warns, and begins no section."""
    return _SIGNAL.fullmatch(heading) is not None


def may_head(heading: Block, block: Block, others: Iterable[Block]) -> bool:
    """Whether a heading may head a block that is read after it on its page.

    One in a drawn box heads what is in the box. One beside and right of the block, in the next column, does not head
    it unless something runs over both columns in between, from where reading goes on.
    """
    if heading.frame is not None and inside(block.bbox, heading.frame) < COVERED:
        return False
    box = heading.bbox
    if box.x0 < block.bbox.x1 - EDGE or has_rtl(block.text):
        return True
    low, high = box.y1 - EDGE, block.bbox.y0 + EDGE
    return any(
        low <= other.bbox.y0
        and other.bbox.y1 <= high
        and other.bbox.x0 < block.bbox.x1
        and other.bbox.x1 > box.x0 + EDGE
        for other in others
    )


def mark_heading_frames(blocks: Sequence[Block], paths: Iterable[BBox], page: BBox) -> list[Block]:
    """Note for each heading the drawn box in which it stands together with the text it heads.

    ``paths``: boxes of what is drawn, a rectangle or a fill; ``page``: its box; all in points. A banner over the page
    heads the page.
    """
    drawn = {p for p in paths if min(width(p), height(p)) >= BOX_SIDE and inside(page, p) <= BOX_SHARE}
    texts = [b.bbox for b in blocks if b.kind in ("text", "list") and b.text]
    found = [p for p in drawn if any(wholly_inside(box, p) for box in texts)]
    first = next((b for b in blocks if not b.furniture), None)
    result = []
    for block in blocks:
        around = [p for p in found if block.kind == "heading" and wholly_inside(block.bbox, p)]
        if block is first:
            around = [p for p in around if width(p) < BANNER_SHARE * width(page)]
        result.append(replace(block, frame=min(around, key=area)) if around else block)
    return result
