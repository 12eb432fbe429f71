"""Classifying text for the clients of other projects: text-embeddings-inference and OpenAI."""

import asyncio

from asgi_correlation_id import correlation_id
from fastapi import APIRouter, Request

from readstone.api.admission import CallerDep, SubmitRoute
from readstone.api.deps import PartsDep, unless_gone
from readstone.engine.nlp.base import Task
from readstone.errors import InvalidRequest, LanguageNotRead
from readstone.models.text import LabelV1
from readstone.models.text_views import (
    EXAMPLE_LABELS,
    ModerationRequest,
    ModerationResponse,
    ModerationResult,
    PredictRequest,
)
from readstone.parts import Parts

router = APIRouter(tags=["text"], route_class=SubmitRoute)


@router.post(
    "/predict", responses={200: {"content": {"application/json": {"example": EXAMPLE_LABELS}}}}
)
async def predict(
    request: Request,
    body: PredictRequest,
    caller: CallerDep,
    parts: PartsDep,
    task: Task = Task.SENTIMENT,
) -> list[LabelV1] | list[list[LabelV1]]:
    """Classify as text-embeddings-inference does: labels of one text, or a list of them for many.

    A text in a language that the model cannot judge is refused, since no label says so.
    """
    texts, is_batch = _inputs(body)
    answers = await unless_gone(
        request, asyncio.gather(*(_labels(parts, text, task) for text in texts))
    )
    if body.parameters is None:
        return answers if is_batch else answers[0]
    return [labels[: body.parameters.top_k] for labels in answers]


def _inputs(body: PredictRequest) -> tuple[list[str], bool]:
    """Return the texts of a request, and whether they are a batch."""
    if isinstance(body.inputs, str):
        return [body.inputs], False
    plain = [each for each in body.inputs if isinstance(each, str)]
    if len(plain) > 1 and body.parameters is None:
        raise InvalidRequest("inputs: a pair is not taken; send a batch as [[text], [text]]")
    return plain or [each[0] for each in body.inputs], not plain


async def _labels(parts: Parts, text: str, task: Task) -> list[LabelV1]:
    verdict = await parts.classifier.classify(text, task)
    if verdict.judgement is None:
        raise LanguageNotRead(f"the text seems to be in {verdict.language.code}")
    return LabelV1.all_of(verdict.labels(task))


@router.post("/v1/moderations")
async def moderate_texts(
    request: Request, body: ModerationRequest, caller: CallerDep, parts: PartsDep
) -> ModerationResponse:
    """Moderate as OpenAI does, in its categories; those that are not judged name no input type."""
    task = Task.MODERATION
    verdicts = await unless_gone(
        request,
        asyncio.gather(*(parts.classifier.classify(text, task) for text in body.texts)),
    )
    return ModerationResponse(
        id=f"modr-{correlation_id.get()}",
        model=parts.classifier.model(task),
        results=[ModerationResult.from_verdict(verdict) for verdict in verdicts],
    )
