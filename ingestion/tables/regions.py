"""What a table region holds: one table or several, a table of contents, a list of facts, a framed text, a chart. Pure.

The layout model says where a table may be; the recipe here is what becomes of it (the order of the steps and their
reasons stand in :mod:`ingestion.tables`). A region without rows and columns is a framed text, or a chart where shapes
are drawn over each other; "Date: 5 May" and a few rows like it, as on a cover, are a list.

Example: a region over "Table 1 …", its rows, "Table 2 …" and its rows becomes a table with the caption "Table 1 …", a
caption block and a second table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from statistics import median

from ingestion.blocks import Block, LayoutBox, Line
from ingestion.elements import BBox, Cell, ElementKind
from ingestion.geometry import (
    RULE_WIDTH,
    gap,
    height,
    in_one_column,
    iou,
    mostly_inside,
    outermost,
    pad,
    union,
    wholly_inside,
    width,
)
from ingestion.tables.cells import frame_of, table_size, with_quantities
from ingestion.tables.contents import CONTENTS_WORD, LEADER, looks_like_contents
from ingestion.tables.drawing_sheets import Sheet, drawing_sheet
from ingestion.tables.grid import Rows, to_grid
from ingestion.tables.headers import header_rows, mark_header
from ingestion.tables.lattice import lattice_cells
from ingestion.tables.letter_bars import without_bars
from ingestion.tables.markdown import cells_to_markdown
from ingestion.tables.repair import repair
from ingestion.tables.row_ends import row_ends
from ingestion.tables.rules import is_across, levels_of, snap_to_rules
from ingestion.tables.sections import mark_sections
from ingestion.tables.side_by_side import split_side_by_side
from ingestion.tables.stacked import TablePart, split_stacked
from ingestion.tables.words import WordIndex, cells_from_lines, fill_grid, lines_of
from ingestion.text.caption_labels import caption_label, is_bare_label
from ingestion.text.facts import LABEL_END
from ingestion.text.index_entries import is_index

RULE_REACH = 8.0  # points by which a rule or fill may stand outside the words that it frames
LINE_REACH = 1.2  # the same in line heights, for tables set in large type
RULE_LENGTH = 8.0  # points: a shorter one is a tick
ROW_RULES = 4.0  # points: upright rules nearer to each other are one
RUNNING_LINES = 3  # of a page's header, at most, above a table that goes on there
JOINT = 1.5  # points between rules that meet, at most
FRAME_SHARE = 0.6  # IoU of a table's words and the rules around them; a frame around more is a page's or a form's
CURVE_SIDE = 20.0  # points in both directions that a drawn path spans without being a rule
FRAME_FIT = 0.9  # of the region's width and height: a path that frames it
SAME_SHAPE = 0.98  # IoU of a fill and its own outline
DENSE_ROWS = 4  # of a picture that is a table although no caption says so
DENSE_COLUMNS = 3  # the same
DENSE_SHARE = 0.8  # of the places of such a table that have text
SAID_SHARE = 0.8  # of a region's letters: cells that say less are no table's
CHART_BOXES = 4  # of a flow chart, at least
LEAST_PINS = 3  # on each side of a chip
HEADED_ROWS = 3  # of a text that is a table by the rule below its first row, at least
SHORT_ENTRY = 3  # words of its cells, in the mean, at most
RULED_GAP = 0.2  # line heights between the columns of a region whose rows rules part
MAX_FACTS = 12  # rows of a list of key facts; more are a table
FACTS_SHARE = 0.75  # of the rows of such a list whose first cell ends in a colon


def table_blocks(region: LayoutBox, paths: Sequence[BBox], lines: Sequence[Line]) -> list[Block]:
    """Turn a table region into blocks from top to bottom: its tables with their cells, and what stands between them.

    A region that is no table becomes what it is instead. ``paths`` (boxes of what is drawn, in points) and ``lines``
    are the page's.
    """
    paths = without_bars(paths, region.lines)
    if region.cells and not any(cell.text for cell in region.cells):
        region = replace(region, cells=fill_grid(region.cells, WordIndex(region.lines)))
    return [block for part in split_side_by_side(region, lines, paths) for block in _blocks_in(part, paths, lines)]


def _blocks_in(region: LayoutBox, paths: Sequence[BBox], lines: Sequence[Line]) -> list[Block]:
    """The blocks of a region in which no two tables stand beside each other."""
    cells, words = region.cells, WordIndex(region.lines)
    if not cells:
        return [Block("table", region.bbox, "\n".join(_texts(words)))]
    if _is_flow_chart(region, paths):
        return [Block("figure", region.bbox, "\n".join(_texts(words)))]
    whole = repair(mark_header(cells, lines, paths), words, paths)
    whole = lattice_cells(region, whole, paths, row_ends(region.bbox, region.lines, paths)) or whole
    sheet = drawing_sheet(whole, lines, paths)
    if sheet is not None:
        return _sheet_blocks(sheet)
    if _is_last_row(region, whole, paths, lines):
        cells = tuple(cell._replace(header=False) for cell in whole)
        return [Block("table", region.bbox, cells_to_markdown(cells), cells=cells)]
    said = any(CONTENTS_WORD.fullmatch(line.text) for line in lines)
    return [
        part
        if isinstance(part, Block)
        else _block(part._replace(cells=_read(part.cells, words, lines, paths)), words, paths, said)
        for part in split_stacked(region.bbox, whole, words)
    ]


def _sheet_blocks(sheet: Sheet) -> list[Block]:
    """A drawing, and its title block as a table."""
    drawing = Block("figure", sheet.drawing, "\n".join(sheet.texts))
    if not sheet.title_block:
        return [drawing]
    place = frame_of(sheet.title_block) or sheet.drawing
    return [drawing, Block("table", place, cells_to_markdown(sheet.title_block), cells=sheet.title_block)]


def _is_last_row(region: LayoutBox, cells: Sequence[Cell], paths: Iterable[BBox], lines: Iterable[Line]) -> bool:
    """Whether a region at the top of a page is one row between upright rules: what a page's end left of a table."""
    if table_size(cells)[0] != 1 or len([cell for cell in cells if cell.text]) < 2:
        return False
    box = region.bbox
    rules = {
        round(rule.x0 / ROW_RULES)
        for rule in paths
        if width(rule) <= RULE_WIDTH and rule.y0 <= box.y0 + JOINT and rule.y1 >= box.y1 - JOINT and gap(rule, box) == 0
    }
    return len(rules) > len(cells) and sum(line.bbox.y1 <= box.y0 for line in lines) <= RUNNING_LINES


def reconsider_table(block: Block, lines: Iterable[Line], paths: Sequence[BBox]) -> Block:
    """Look at a table again now that its caption is known; any other block stays as it is.

    A drawing with a figure's caption is a figure, a figure with a table's caption is what its lines form; a table
    without cells gets those too. ``lines`` and ``paths`` are the page's.
    """
    label = caption_label(block.caption, classed=True)
    named = block.kind == "figure" and not block.parts and label is not None and label.family == "table"
    if block.kind != "table" and not named:
        return block
    held = [line for line in lines if mostly_inside(line.bbox, block.bbox)]
    if named:
        return read_table(block, [line for line in held if not caption_label(line.text)])
    if label and label.family == "figure" and _draws(block.bbox, WordIndex(held), paths):
        return replace(block, kind="figure", text="\n".join(_texts(held)), cells=())
    return block if block.cells else read_table(block, held)


def read_table(block: Block, lines: Sequence[Line]) -> Block:
    """Give a figure or table the cells that its lines form, native or recognised; without any it stays as it is.

    A figure becomes a table where its caption says so, or where its lines fill a grid of several rows and columns.
    """
    cells = _read(cells_from_lines(lines), WordIndex(lines), lines, ())
    label = caption_label(block.caption, classed=True)
    named = block.kind == "table" or (label is not None and label.family == "table")
    rows, columns = table_size(cells)
    dense = rows >= DENSE_ROWS and columns >= DENSE_COLUMNS and len(cells) >= DENSE_SHARE * rows * columns
    if not cells or not (named or dense):
        return block
    return replace(block, kind="table", text=cells_to_markdown(cells), cells=cells)


def ruled_cells(box: BBox, lines: Sequence[Line], paths: Iterable[BBox]) -> tuple[Cell, ...]:
    """The cells of a region in which nothing is drawn but rules across, between most of its rows; else none.

    ``lines`` and ``paths`` (boxes, in points) are the page's. The layout model takes airy lists of parts for pictures.
    """
    held = [line for line in lines if mostly_inside(line.bbox, box)]
    drawn = [p for p in paths if gap(p, box) == 0]
    if not held or any(min(width(p), height(p)) > RULE_WIDTH for p in drawn):
        return ()
    rows = lines_of(held)
    frame = union(line.bbox for line in held)
    middles = [(row[0].bbox.y0 + row[0].bbox.y1) / 2 for row in rows]
    across = [level.y for level in levels_of(frame, drawn) if is_across(level, frame)]
    parted = sum(any(a < y < b for y in across) for a, b in pairwise(middles))
    columns = max(map(len, rows))
    cells = (
        cells_from_lines(held, RULED_GAP) if len(rows) >= DENSE_ROWS and parted >= DENSE_SHARE * (len(rows) - 1) else ()
    )
    return cells if columns > 1 and len(cells) >= DENSE_SHARE * len(rows) * columns else ()


def headed_cells(box: BBox, lines: Sequence[Line], paths: Iterable[BBox]) -> tuple[Cell, ...]:
    """The cells of a text in which a rule stands below the first row and all rows have short entries in the same
    columns; else none: the layout model takes small tables of signs and numbers for texts.

    ``lines`` and ``paths`` (boxes, in points) are the page's.
    """
    held = [line for line in lines if mostly_inside(line.bbox, box)]
    rows = lines_of(held)
    if len(rows) < HEADED_ROWS or len(rows[0]) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return ()
    first, second = (union(line.bbox for line in row) for row in rows[:2])
    low, high = (first.y0 + first.y1) / 2, (second.y0 + second.y1) / 2
    rules = [p for p in paths if height(p) <= RULE_WIDTH and low < p.y0 < high]
    ruled = sum(max(0.0, min(p.x1, first.x1) - max(p.x0, first.x0)) for p in rules)
    if ruled < FRAME_FIT * width(first) or sum(len(line.text.split()) for line in held) > SHORT_ENTRY * len(held):
        return ()
    cells = cells_from_lines(held, RULED_GAP)
    count, columns = table_size(cells)
    return cells if (count, columns) == (len(rows), len(rows[0])) and len(cells) == len(held) else ()


def grow_to_rules(box: BBox, paths: Iterable[BBox], lines: Iterable[Line] = ()) -> BBox:
    """Grow a text-tight table box (points) to the rules and fills drawn for its rows, and to the frame they form."""
    drawn = list(paths)
    tall = median([height(line.bbox) for line in lines if mostly_inside(line.bbox, box)] or [0.0])
    reach = max(RULE_REACH, LINE_REACH * tall)
    top, bottom = box.y0 - reach, box.y1 + reach
    rows = [
        p for p in drawn if top <= p.y0 and p.y1 <= bottom and in_one_column(p, box) and width(p) >= 0.5 * width(box)
    ]
    grown = union([box, *(p for p in rows if height(p) <= height(box) + 2 * reach)])
    frame = _frame(grown, drawn)
    return frame if iou(frame, grown) >= FRAME_SHARE else grown


def looks_like_facts(rows: Rows) -> bool:
    """Whether rows are a few labels with their values ("Date: 5 May"), as on a cover, rather than a table."""
    labels = [row[0] for row in rows if row[0]]
    return (
        all(len(row) == 2 for row in rows)
        and 0 < len(labels) <= len(rows) <= MAX_FACTS
        and sum(bool(LABEL_END.search(label)) for label in labels) >= FACTS_SHARE * len(rows)
    )


def _read(cells: Sequence[Cell], words: WordIndex, lines: Sequence[Line], paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """The cells of one table with its columns, header and labels of sections known."""
    placed = with_quantities(snap_to_rules(cells, words, paths))
    return mark_sections(mark_header(placed, lines, paths), words, lines, paths)


def _block(part: TablePart, words: WordIndex, paths: Sequence[BBox], contents: bool) -> Block:
    """A table, or what a part of a region is instead; ``contents``: the page says that it has a table of contents."""
    grid = to_grid(part.cells)
    rows = [row for row in (grid.header, *grid.body) if any(row)]
    if looks_like_contents(rows, contents):
        return Block("list", part.box, "\n".join(LEADER.sub("… ", " ".join(filter(None, row))) for row in rows))
    count, columns = table_size(part.cells)
    entries = [[c.text for c in part.cells if c.column == k and c.text] for k in range(columns)]
    if all(map(is_index, entries)):
        return Block("list", part.box, "\n".join(text for column in entries for text in column))
    held = words.within(part.box)
    if count < 2 or (columns < 2 and not _is_ruled(part.box, count, paths)):
        kind: ElementKind = "figure" if _draws(part.box, words, paths) else "text"
        return Block(kind, part.box, "\n".join(_texts(held)), caption=part.caption)
    if _is_package(part.cells):
        return Block("figure", part.box, "\n".join(_texts(held)), caption=part.caption)
    if looks_like_facts(rows) and header_rows(part.cells) <= 1:
        return Block("list", part.box, "\n".join(" ".join(cell for cell in row if cell) for row in rows))
    title = [part.caption, *grid.above] if part.caption and is_bare_label(part.caption) else [part.caption]
    return Block("table", part.box, cells_to_markdown(part.cells), caption=": ".join(title), cells=part.cells)


def _is_package(cells: Sequence[Cell]) -> bool:
    """Whether cells are the pins of a chip's drawing, and its name between them: 1, 2, 3 down the left side, as many up
    the right one."""
    last = table_size(cells)[1] - 1
    left, right = ([cell.text for cell in sorted(cells) if cell.column == k and cell.text] for k in (0, last))
    between = {cell.text for cell in cells if 0 < cell.column < last and cell.text}
    pins = [str(number) for number in range(1, 2 * len(left) + 1)]
    return len(left) >= LEAST_PINS and len(between) <= 1 and left + right[::-1] == pins


def _is_flow_chart(region: LayoutBox, paths: Iterable[BBox]) -> bool:
    """Whether the cells miss much of what a region says, in boxes that stand apart: steps and questions of a chart."""
    said, all_said = (sum(len("".join(x.text.split())) for x in items) for items in (region.cells, region.lines))
    if said >= SAID_SHARE * all_said:
        return False
    shapes = (p for p in paths if wholly_inside(p, pad(region.bbox, 1.0, p.x1, p.y1)) and height(p) > RULE_WIDTH)
    drawn = [p for p in outermost(shapes) if any(mostly_inside(word.bbox, p) for word in region.lines)]
    boxes = [p for p in drawn if sum(gap(p, other) == 0 for other in drawn) <= 2]  # itself and a line; lines meet more
    return len(boxes) >= CHART_BOXES and all(gap(a, b) > RULE_WIDTH for a, b in combinations(boxes, 2))


def _is_ruled(box: BBox, rows: int, paths: Iterable[BBox]) -> bool:
    """Whether rules stand between most rows of a region."""
    rules = {round(p.y0) for p in paths if height(p) <= RULE_WIDTH and width(p) > width(box) / 2 and gap(p, box) == 0}
    return rows > 2 and len(rules) >= rows / 2


def _draws(box: BBox, words: WordIndex, paths: Iterable[BBox]) -> bool:
    """Whether shapes lie over each other in a region: the lines of a chart do, the fills of cells do not."""
    shapes = [
        p
        for p in paths
        if wholly_inside(p, box)
        and min(width(p), height(p)) >= CURVE_SIDE
        and not (width(p) >= FRAME_FIT * width(box) or height(p) >= FRAME_FIT * height(box))
        and not words.within(p)
    ]
    return any(mostly_inside(a, b) and iou(a, b) < SAME_SHAPE for a, b in combinations(shapes, 2))


def _frame(box: BBox, paths: Iterable[BBox]) -> BBox:
    """The box with all rules that cross it and those that meet them."""
    rules = [p for p in paths if min(width(p), height(p)) <= RULE_WIDTH and max(width(p), height(p)) >= RULE_LENGTH]
    reached, frontier = box, True
    while frontier:
        near = pad(reached, JOINT, reached.x1 + JOINT, reached.y1 + JOINT)
        met = [r for r in rules if r.x0 <= near.x1 and r.x1 >= near.x0 and r.y0 <= near.y1 and r.y1 >= near.y0]
        grown = union([reached, *met])
        frontier, reached = grown != reached, grown
    return reached


def _texts(words: Iterable[Line]) -> list[str]:
    return [" ".join(word.text for word in line) for line in lines_of(words)]
