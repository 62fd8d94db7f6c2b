"""LlamaIndex at the seam, with real parts of LlamaIndex on a real index of a real PDF."""

from __future__ import annotations

import ast
import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
from llama_index.core.base.llms.types import ImageBlock, TextBlock
from llama_index.core.embeddings import MultiModalEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import BaseNode, ImageNode, MetadataMode, NodeWithScore, QueryBundle, TextNode
from llama_index.core.storage.docstore.utils import doc_to_json, json_to_doc
from llama_index.core.tools import RetrieverTool
from made_documents import make_document
from PIL import Image, ImageDraw, ImageFont

from ingestion.errors import UnreadableImage
from rag.config import Settings
from rag.encoders.space import masked
from rag.errors import EmptyQuestion, UnknownDocument
from rag.index import Index
from rag.interop import PageSightEmbedding, PageSightRetriever
from rag.retrieval.search import search
from rag.types import Query

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "What does error E18 mean?"
FIGURE = "Drain pump, exploded view"


@pytest.fixture(scope="module")
def index(copy_of: Callable[[], Settings]) -> Iterator[Index]:
    """A real PDF, and beside it a document made without parsing, `manual-3.pdf`."""
    with Index.open(copy_of()) as opened:
        folder = opened.files.stage()
        opened.store(make_document(folder, 3), folder)
        yield opened


@pytest.fixture(scope="module")
def embedding(index: Index) -> PageSightEmbedding:
    return PageSightEmbedding(index.encoder)


@pytest.fixture(scope="module")
def label(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of the words "Drain pump blocked"."""
    image = Image.new("RGB", (700, 140), "white")
    ImageDraw.Draw(image).text((30, 40), "Drain pump blocked", fill="black", font=ImageFont.load_default(60))
    path = tmp_path_factory.mktemp("label") / "label.png"
    image.save(path)
    return path


def figure_of(index: Index, question: str = FIGURE) -> NodeWithScore:
    return next(n for n in PageSightRetriever(index).retrieve(question) if n.metadata["kind"] == "figure")


# -- search as a retriever -----------------------------------------------------------------------------------------


def test_hits_come_in_our_order_and_keep_it_where_llamaindex_sorts_by_score(index: Index) -> None:
    hits = search(index, Query("drain pump"), 12).hits
    retriever = PageSightRetriever(index, k=12)
    nodes = retriever.retrieve("drain pump")
    assert [(node.node_id, node.score) for node in nodes] == [(hit.chunk.id, hit.score) for hit in hits]
    fused = QueryFusionRetriever(
        [retriever], llm=MockLLM(), num_queries=1, mode=FUSION_MODES.RECIPROCAL_RANK, similarity_top_k=12
    )
    assert [node.node_id for node in fused.retrieve("drain pump")] == [hit.chunk.id for hit in hits]


def test_a_table_is_a_text_node_that_says_where_it_stands(index: Index, manual_pdf: Path) -> None:
    (node,) = PageSightRetriever(index, k=1, kinds=["table"]).retrieve(QUESTION)
    chunk = index.catalogue.chunk(node.node_id)
    assert type(node.node) is TextNode
    assert node.text.startswith("Table 1: Error codes and remedies\n") and "Drain pump blocked" in node.text
    data = node.metadata
    assert (data["file_name"], data["doc_id"], data["kind"]) == (manual_pdf.name, chunk.doc, "table")
    assert (data["page"], data["page_label"], data["bbox"]) == (2, "2", list(chunk.bbox))
    assert data["caption"] == "Table 1: Error codes and remedies" and data["heading"].endswith("Fault finding")
    assert data["channels"]["full text"] == 1
    assert data["page_size"] == pytest.approx([595.3, 841.9], abs=0.1)
    assert Path(data["image"]).is_file() and Path(data["page_image"]).is_file()
    assert node.node.ref_doc_id == chunk.doc and node.node.source_node.metadata == {"file_name": manual_pdf.name}


def test_a_figure_is_an_image_node_of_its_crop(index: Index) -> None:
    node = figure_of(index).node
    assert isinstance(node, ImageNode)
    assert node.image is None and node.image_path == node.metadata["image"] and node.image_mimetype == "image/jpeg"
    with Image.open(node.resolve_image()) as crop, Image.open(node.metadata["page_image"]) as page:
        assert 0 < crop.width < page.width and crop.height < page.height
    assert node.metadata["page"] == 3 and FIGURE in node.text


def test_a_passage_is_its_own_words(index: Index) -> None:
    nodes = PageSightRetriever(index, kinds=["text"]).retrieve("How much does the drum weigh?")
    assert "The drum weighs 46 kg" in nodes[0].text
    assert nodes[0].text == index.catalogue.chunk(nodes[0].node_id).text


def test_models_read_where_it_stands_and_nothing_meant_for_programs(index: Index) -> None:
    (table,) = PageSightRetriever(index, k=1, kinds=["table"]).retrieve(QUESTION)
    shown = table.get_content(MetadataMode.LLM)
    assert shown.startswith("file_name: lagoon-manual.pdf\npage_label: 2\nheading: ")
    assert shown.count("Table 1: Error codes and remedies") == 1
    assert not any(f"{key}: " in shown for key in ("doc_id", "bbox", "channels", "image", "page_image", "kind"))
    embedded = table.get_content(MetadataMode.EMBED)
    assert embedded.startswith("heading: ") and "lagoon" not in embedded and "Drain pump blocked" in embedded


def test_empty_metadata_are_not_shown(index: Index) -> None:
    (table,) = PageSightRetriever(index, k=1, docs=["manual-3"], kinds=["table"]).retrieve(QUESTION)
    assert table.metadata["heading"] == ""
    assert "heading" not in table.get_content(MetadataMode.LLM) + table.get_content(MetadataMode.EMBED)


def test_a_model_that_sees_is_sent_the_picture_with_its_caption(index: Index) -> None:
    words, picture = figure_of(index).node.get_content_blocks(MetadataMode.LLM)
    assert isinstance(words, TextBlock) and "caption: Figure 1: Drain pump, exploded view" in words.text
    assert isinstance(picture, ImageBlock) and str(picture.path).endswith(".jpg")


def test_every_node_survives_json(index: Index) -> None:
    nodes = [n.node for q in (QUESTION, FIGURE) for n in PageSightRetriever(index).retrieve(q)]
    assert {type(node) for node in nodes} == {TextNode, ImageNode}
    for node in nodes:
        back = json_to_doc(json.loads(json.dumps(doc_to_json(node))))
        assert (back.metadata, back.text, back.ref_doc_id) == (node.metadata, node.text, node.ref_doc_id)


def test_documents_are_named_as_on_the_command_line(index: Index) -> None:
    made = index.catalogue.find("manual-3").id
    for docs in (["manual-3"], "manual-3", ["Manual-3.pdf"], [made], {made[:12]}):
        nodes = PageSightRetriever(index, docs=docs).retrieve("drain pump")
        assert {node.metadata["doc_id"] for node in nodes} == {made}
    with pytest.raises(UnknownDocument, match=r"did you mean lagoon-manual\.pdf"):
        PageSightRetriever(index, docs=["lagoon-manuel"])


def test_only_kinds_asked_for_come_back_and_there_are_four(index: Index) -> None:
    nodes = PageSightRetriever(index, kinds=["figure", "table"]).retrieve("drain pump")
    assert {node.metadata["kind"] for node in nodes} == {"figure", "table"}
    with pytest.raises(ValueError, match="kinds has 'image'; it can have text, table, figure, page"):
        PageSightRetriever(index, kinds=["image"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="k is 0"):
        PageSightRetriever(index, k=0)


def test_a_picture_finds_its_figure(index: Index) -> None:
    figure = figure_of(index)
    alone = PageSightRetriever(index, k=3).retrieve(QueryBundle("", image_path=figure.metadata["image"]))
    assert alone[0].node_id == figure.node_id
    assert alone[0].metadata["channels"]["image to image"] == 1
    both = PageSightRetriever(index).retrieve(QueryBundle(QUESTION, image_path=figure.metadata["image"]))
    assert {"full text", "image to image"} <= {channel for node in both for channel in node.metadata["channels"]}


def test_impossible_questions_raise_our_errors(index: Index, tmp_path: Path) -> None:
    retriever = PageSightRetriever(index)
    with pytest.raises(EmptyQuestion):
        retriever.retrieve("  ")
    with pytest.raises(UnreadableImage, match=r"There is no picture .*gone\.png"):
        retriever.retrieve(QueryBundle("", image_path=str(tmp_path / "gone.png")))
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    with pytest.raises(UnreadableImage, match=r"broken\.png is not a picture"):
        retriever.retrieve(QueryBundle("", image_path=str(broken)))


def test_async_search_gives_the_same_beside_the_event_loop(index: Index) -> None:
    class Watched(PageSightRetriever):
        def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
            threads.append(threading.current_thread())
            return super()._retrieve(query_bundle)

    async def ask() -> list[list[NodeWithScore]]:
        return list(await asyncio.gather(*(retriever.aretrieve(question) for question in questions)))

    threads: list[threading.Thread] = []
    retriever, questions = Watched(index, k=4), [QUESTION, FIGURE] * 3
    found = asyncio.run(ask())
    assert len(threads) == 6 and threading.main_thread() not in threads
    for nodes, question in zip(found, questions, strict=True):
        assert [n.node_id for n in nodes] == [n.node_id for n in retriever.retrieve(question)]


def test_a_query_engine_answers_from_our_hits(index: Index) -> None:
    """A mock model that repeats its prompt shows what a model would be told."""
    engine = RetrieverQueryEngine.from_args(
        PageSightRetriever(index, k=4),
        llm=MockLLM(),
        response_mode=ResponseMode.COMPACT,
        node_postprocessors=[SimilarityPostprocessor(similarity_cutoff=0.01)],
    )
    response = engine.query(QUESTION)
    assert QUESTION in str(response) and "page_label: 2" in str(response) and "free the impeller" in str(response)
    assert response.source_nodes[0].metadata["page"] == 2
    assert asyncio.run(engine.aquery(QUESTION)).source_nodes[0].node_id == response.source_nodes[0].node_id


def test_the_retriever_is_a_tool_for_agents(index: Index) -> None:
    tool = RetrieverTool.from_defaults(PageSightRetriever(index, k=3), name="manuals", description="Service manuals")
    assert "free the impeller" in tool.call(input=QUESTION).content


# -- the encoder as an embedding -----------------------------------------------------------------------------------


def test_texts_get_our_vectors(index: Index, embedding: PageSightEmbedding) -> None:
    texts = ["The pump is blocked.", "", "word " * 700]
    ours = index.encoder.embed_texts(texts)
    assert isinstance(embedding, MultiModalEmbedding)
    np.testing.assert_allclose(embedding.get_text_embedding_batch(texts), ours, atol=1e-6)
    np.testing.assert_allclose(embedding.get_text_embedding(texts[0]), ours[0], atol=1e-6)
    np.testing.assert_allclose(embedding.get_query_embedding(texts[0]), ours[0], atol=1e-6)
    assert len(embedding.get_query_embedding("pump")) == index.encoder.dim
    assert not any(embedding.get_text_embedding(""))


def test_pictures_and_words_meet_in_one_space(index: Index, embedding: PageSightEmbedding, label: Path) -> None:
    picture = np.array(embedding.get_image_embedding(str(label)), dtype=np.float32)
    near, far = (np.array(embedding.get_query_embedding(q)) for q in ("a blocked pump", "carbon brushes of a motor"))
    assert picture @ near > picture @ far + 0.1
    assert np.linalg.norm(masked(index.encoder, picture, "picture")) == pytest.approx(1, abs=1e-4)


def test_words_in_pictures_are_left_unread_on_request(index: Index, label: Path) -> None:
    picture = np.array(PageSightEmbedding(index.encoder, read_words=False).get_image_embedding(str(label)))
    with Image.open(label) as image:
        np.testing.assert_allclose(picture, index.encoder.embed_images([image.convert("RGB")], [""])[0], atol=1e-6)
    assert not masked(index.encoder, picture, "words").any()


def test_pictures_may_be_bytes_turned_or_transparent(embedding: PageSightEmbedding, label: Path) -> None:
    upright = np.array(embedding.get_image_embedding(str(label)))
    same = BytesIO(label.read_bytes())
    np.testing.assert_allclose(embedding.get_image_embedding(same), upright, atol=1e-6)
    turned, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6  # the orientation mark: to be turned by 90 degrees clockwise
    with Image.open(label) as image:
        image.transpose(Image.Transpose.ROTATE_90).save(turned, "PNG", exif=exif)
    np.testing.assert_allclose(embedding.get_image_embedding(turned), upright, atol=1e-6)
    with pytest.raises(UnreadableImage, match="given as bytes is not a picture"):
        embedding.get_image_embedding(BytesIO(b"no picture"))


def test_async_embeddings_are_the_same(embedding: PageSightEmbedding, label: Path) -> None:
    async def all_of_them() -> list[list[float]]:
        texts = await embedding.aget_text_embedding_batch(["pump", "filter"])
        one = [await embedding.aget_text_embedding("pump"), await embedding.aget_query_embedding("pump")]
        pictures = await embedding.aget_image_embedding_batch([str(label)])
        return [*texts, *one, *pictures, await embedding.aget_image_embedding(str(label))]

    pump, filter_ = embedding.get_text_embedding_batch(["pump", "filter"])
    (picture,) = embedding.get_image_embedding_batch([str(label)])
    np.testing.assert_allclose(
        asyncio.run(all_of_them()), [pump, filter_, pump, pump, picture, picture], atol=1e-6
    )  # fmt: skip


def test_the_embedding_says_what_it_is_so_that_caches_do_not_mix(index: Index, embedding: PageSightEmbedding) -> None:
    told = embedding.to_dict()
    assert told["class_name"] == "PageSightEmbedding" and told["model_name"] == index.encoder.name
    assert told["fingerprint"] == index.encoder.fingerprint
    json.dumps(told)


def test_it_embeds_for_an_index_of_llamaindex(embedding: PageSightEmbedding, tmp_path: Path) -> None:
    for name, words in {"pump": "The drain pump is blocked.", "note": "Both carbon brushes were replaced."}.items():
        (tmp_path / f"{name}.txt").write_text(words, encoding="utf-8")
    documents = SimpleDirectoryReader(tmp_path).load_data()
    nodes = VectorStoreIndex.from_documents(documents, embed_model=embedding).as_retriever().retrieve("blocked pump")
    best: BaseNode = nodes[0].node
    assert best.metadata["file_name"] == "pump.txt"


# -- at the seam only ----------------------------------------------------------------------------------------------


def test_nothing_else_imports_it() -> None:
    users = []
    for path in [
        ROOT / "app.py",
        *(p for package in ("ingestion", "rag", "ui") for p in (ROOT / package).rglob("*.py")),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            origin = node.module if isinstance(node, ast.ImportFrom) else ""
            users += [path.name for name in names if "rag.interop" in (name, origin, f"{origin}.{name}")]
    assert users == []
