"""Embeddings and reranking without a model: the same text has the same vector, like texts have like ones."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from typing import Any, Self

SIZE = 64


def embedding(text: str) -> list[float]:
    """Of the text's pairs of letters: texts that share them lie close."""
    vector = [0.0] * SIZE
    for pair in zip(text, text[1:] or text, strict=False):
        digest = hashlib.blake2b("".join(pair).encode("utf-8", "replace"), digest_size=2).digest()
        vector[digest[0] % SIZE] += 1.0 if digest[1] % 2 else -1.0
    length = math.sqrt(sum(one * one for one in vector)) or 1.0
    return [one / length for one in vector]


def likeness(one: list[float], other: list[float]) -> float:
    """The cosine of the angle between them."""
    lengths = math.sqrt(sum(x * x for x in one)) * math.sqrt(sum(x * x for x in other))
    return sum(x * y for x, y in zip(one, other, strict=False)) / lengths if lengths else 0.0


@dataclass
class EmbeddingResponse:
    embeddings: list[list[float]]
    model_name: str = "mpdt"
    request_name: str = ""


@dataclass
class EmbeddingRequest:
    model_set: Any
    request_name: str = ""
    inputs: list[str] = field(default_factory=list)
    policy: Any = None
    clients: Any = None
    enable_metrics: bool = True

    def add_input(self, value: str) -> Self:
        self.inputs.append(value)
        return self

    async def send(self) -> EmbeddingResponse:
        return EmbeddingResponse([embedding(text) for text in self.inputs], request_name=self.request_name)


@dataclass
class RerankItem:
    index: int
    score: float
    document: Any


@dataclass
class RerankResponse:
    results: list[RerankItem]
    model_name: str = "mpdt"
    request_name: str = ""


@dataclass
class RerankRequest:
    model_set: Any
    request_name: str = ""
    query: str = ""
    documents: list[Any] = field(default_factory=list)
    top_n: int | None = None

    def set_query(self, value: str) -> Self:
        self.query = value
        return self

    def add_document(self, value: Any) -> Self:
        self.documents.append(value)
        return self

    async def send(self) -> RerankResponse:
        wanted = embedding(self.query)
        items = [RerankItem(i, likeness(wanted, embedding(str(one))), one) for i, one in enumerate(self.documents)]
        items.sort(key=lambda item: -item.score)
        return RerankResponse(items[: self.top_n], request_name=self.request_name)


def create_embedding_request(
    model_set: Any, request_name: str = "", inputs: list[str] | None = None
) -> EmbeddingRequest:
    return EmbeddingRequest(model_set, request_name, list(inputs or ()))


def create_rerank_request(
    model_set: Any,
    request_name: str = "",
    query: str = "",
    documents: list[Any] | None = None,
    top_n: int | None = None,
) -> RerankRequest:
    return RerankRequest(model_set, request_name, query, list(documents or ()), top_n)
