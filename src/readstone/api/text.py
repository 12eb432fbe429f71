"""Classifying text: sentiment and moderation."""

import asyncio
from collections.abc import Iterable
from time import time

from fastapi import APIRouter, Depends, Request

from readstone.api.admission import CallerDep, SubmitRoute, caller_by_body
from readstone.api.deps import PartsDep, unless_gone
from readstone.api.security import bearer_scheme
from readstone.classifying import Verdict
from readstone.engine.nlp.base import Task
from readstone.errors import ReadstoneError
from readstone.models.text import (
    ClassificationV2,
    ClassifyRequestV1,
    ClassifyRequestV2,
    ClassifyResponseV1,
    ClassifyResponseV2,
    SentimentRequestV1,
    SentimentResponseV1,
    TextUsageV2,
)
from readstone.parts import Parts

router = APIRouter(tags=["text"], route_class=SubmitRoute)


@router.post("/classify", dependencies=[Depends(bearer_scheme)])
async def moderate_text(
    request: Request, body: ClassifyRequestV1, parts: PartsDep
) -> ClassifyResponseV1:
    """Say whether a text may offend, and how."""
    await caller_by_body(request, body.token)
    task = Task.MODERATION
    verdict = await unless_gone(request, parts.classifier.classify(body.text, task))
    return ClassifyResponseV1.from_verdict(verdict, parts.classifier.model(task))


@router.post("/v1/sentiment", dependencies=[Depends(bearer_scheme)])
async def judge_sentiment(
    request: Request, body: SentimentRequestV1, parts: PartsDep
) -> SentimentResponseV1:
    """Say whether a text is positive, neutral or negative."""
    await caller_by_body(request, body.token)
    verdict = await unless_gone(request, parts.classifier.classify(body.text, Task.SENTIMENT))
    return SentimentResponseV1.from_verdict(verdict, ts=int(time()))


@router.post("/v2/classify")
async def classify_texts(
    request: Request, body: ClassifyRequestV2, caller: CallerDep, parts: PartsDep
) -> ClassifyResponseV2:
    """Classify up to 64 texts; one that cannot be classified does not fail the others."""
    ends = await unless_gone(
        request, asyncio.gather(*(ended(parts, text, body.task) for text in body.texts))
    )
    results = [
        ClassificationV2.from_end(index, end, body.task, top_k=body.top_k)
        for index, end in enumerate(ends)
    ]
    characters, windows = sum(map(len, body.texts)), sum(each.windows for each in results)
    usage = TextUsageV2(len(results), characters, windows)
    return ClassifyResponseV2(results, parts.classifier.model(body.task), usage)


async def classified(
    parts: Parts, text: str, tasks: Iterable[Task]
) -> dict[Task, ClassificationV2]:
    """Return what is said of a document's text, or why nothing can be said, for each task."""
    return {
        task: ClassificationV2.from_end(0, await ended(parts, text, task), task) for task in tasks
    }


async def ended(parts: Parts, text: str, task: Task) -> Verdict | ReadstoneError:
    """Return what is said of a text, or why nothing can be said of it."""
    try:
        return await parts.classifier.classify(text, task)
    except ReadstoneError as error:
        return error
