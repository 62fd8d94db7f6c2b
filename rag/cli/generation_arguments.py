"""The options of commands about generations of the index, and of those that measure them on questions."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.arguments import natural
from rag.cli.options import count, flips_option, share, without_channels
from rag.evaluation.names import WAYS

if TYPE_CHECKING:
    from rag.cli.options import Commands


def add_generations(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Made anew, gone back to, compared, deleted; the vector database elsewhere, which holds the live one."""
    reindex = commands.add_parser("reindex", parents=[common], help="embed everything anew, beside the live index")
    reindex.add_argument("--encoder", metavar="SPEC", help="picture part: auto, builtin, a hub name or a folder")
    reindex.add_argument(
        "--words", metavar="SPEC", help="words part: auto, e5+minilm, static, off, a hub name or a folder"
    )
    reindex.add_argument(
        "--gate",
        type=Path,
        nargs="+",
        metavar="QUESTIONS",
        help="swap only if the questions of none of these files get worse",
    )
    reindex.add_argument(
        "--tolerance",
        type=share,
        metavar="SHARE",
        help="a fall up to this over all questions is let pass, twice that in a slice (default 0.01)",
    )
    without_channels(reindex, "the gate judges without this way of searching")
    reindex.add_argument("--parse", action="store_true", help="read files of an older parser version or settings again")
    reindex.add_argument("--workers", type=natural, metavar="N", help="parsing processes of --parse")
    reindex.add_argument("--password", help="of encrypted PDFs, for --parse")
    reindex.add_argument("--keep", type=count, default=1, metavar="N", help="earlier generations kept (default 1)")
    commands.add_parser("rollback", parents=[common], help="back to the generation that was live before")
    switch = commands.add_parser("switch", parents=[common], help="to an earlier or refused generation, by its number")
    switch.add_argument("generation", type=natural, metavar="N", help="as `python -m rag generations` lists it")
    commands.add_parser("generations", parents=[common], help="the live one, earlier, refused and unfinished ones")
    compared = commands.add_parser("compared", parents=[common], help="two generations on live questions, side by side")
    compared.add_argument("--most", type=natural, default=10, metavar="N", help="questions shown that share least (10)")
    align = commands.add_parser("align", parents=[common], help="train a projection over the encoder from the library")
    align.add_argument("--part", choices=("words", "picture"), default="words", help="of the encoder (default words)")
    align.add_argument("--pca", type=natural, metavar="N", help="train nothing: keep the N main directions instead")
    align.add_argument("--out", type=Path, metavar="FILE", help="where to write it (default: in the index)")
    align.add_argument("--seed", type=int, default=0, metavar="N", help="other documents held out (default 0)")
    prune = commands.add_parser("prune", parents=[common], help="delete earlier, refused and unfinished generations")
    prune.add_argument("generations", nargs="*", type=natural, metavar="N", help="only these, by number")
    prune.add_argument("--keep", type=count, default=0, metavar="N", help="the latest N earlier ones stay (default 0)")
    whole = commands.add_parser("vectors", parents=[common], help="the vector database elsewhere: how far it is")
    what = whole.add_subparsers(dest="what", metavar="WHAT")
    what.add_parser("update", parents=[common], help="copy there what is missing, delete what has gone")
    what.add_parser("rebuild", parents=[common], help="drop what is there and copy all again")


def add_evaluation(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Question sets: scored, compared between two runs, made from the library."""
    score = commands.add_parser("eval", parents=[common], help="retrieval metrics on question sets")
    score.add_argument("questions", type=Path, nargs="+", metavar="QUESTIONS.jsonl", help="each file is a set")
    score.add_argument("--scope", choices=("doc", "library", "both"), default="both", help="where to search")
    score.add_argument(
        "--libraries",
        type=natural,
        nargs="+",
        default=[],
        metavar="N",
        help="search libraries of N documents, too: each question's own and others, the same every time",
    )
    score.add_argument(
        "--answers", action="store_true", help="answer, too, by the configured model or by quotes, and score that"
    )
    score.add_argument(
        "--answers-out",
        type=Path,
        metavar="OUT.jsonl",
        help="answer, and list each question with the right answer, the one given, its citations and a verdict",
    )
    score.add_argument("--hits", type=Path, metavar="OUT.jsonl", help="write the hits of every question")
    score.add_argument("--misses", type=Path, metavar="OUT.md", help="list missed questions and why (or OUT.jsonl)")
    score.add_argument("--ablation", action="store_true", help="search again without each channel in turn")
    score.add_argument("--generation", metavar="G", help="search this one: live (default), previous or its number")
    score.add_argument(
        "--against", type=Path, metavar="OLD", help="compare with the hits file of an earlier run, or with a generation"
    )
    without_channels(score)
    flips_option(score)
    both = commands.add_parser("compare", parents=[common], help="two runs of question sets side by side")
    both.add_argument("questions", type=Path, nargs="+", metavar="QUESTIONS.jsonl")
    both.add_argument("before", type=Path, metavar="OLD.jsonl", help="hits that `eval --hits` wrote")
    both.add_argument("after", type=Path, metavar="NEW.jsonl", help="the same of the run to be judged")
    flips_option(both)
    own = commands.add_parser("questions", help="question sets of one's own, for eval and the gate")
    what = own.add_subparsers(dest="what", required=True, metavar="WHAT")
    export = what.add_parser("export", parents=[common], help="from the thumbs under the app's answers")
    export.add_argument("file", type=Path, metavar="FILE.jsonl")
    export.add_argument("--down", action="store_true", help="those voted down too, without evidence: not scored")
    make = what.add_parser("make", parents=[common], help="from captions, mentions and cut-outs of the library")
    make.add_argument("file", type=Path, metavar="FILE.jsonl")
    make.add_argument("--count", type=natural, default=200, metavar="N", help="questions in all (default 200)")
    make.add_argument("--seed", type=int, default=0, metavar="N", help="other ones (default 0)")
    make.add_argument("--how", action="append", choices=WAYS, help="only such (repeatable)")
