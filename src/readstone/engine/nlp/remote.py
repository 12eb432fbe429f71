"""The engine for a model on another server: text-embeddings-inference, or one that answers so."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from textwrap import wrap
from time import sleep
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from readstone.engine.nlp.base import Judgement
from readstone.engine.nlp.usage import Usage
from readstone.errors import EngineFailed, NotReady, Unavailable

if TYPE_CHECKING:
    import httpx

# About 350 tokens, which every encoder takes.
WINDOW_CHARACTERS = 1_400
CONNECTIONS = 8
PAUSES_S = (0.2, 1.0)
BUSY = frozenset({429, 503})
WORTH_ANOTHER_TRY = BUSY | {502, 504}


class RemoteEngine:
    """Judges by asking a server: `{"inputs": text}` is answered with labels and scores.

    Args:
        url: takes the POST, as `http://tei:8080/predict`.
        token: sent as a bearer token unless it is empty.
        timeout_s: for one answer.
    """

    def __init__(self, url: str, usage: Usage, *, token: str, timeout_s: float) -> None:
        self.name = urlsplit(url).netloc
        self._url = url
        self._usage = usage
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._timeout_s = timeout_s

    def check(self) -> None:
        """Raise Unavailable when the address cannot be one; the server may still be starting."""
        if urlsplit(self._url).scheme not in ("http", "https") or not self.name:
            task = self._usage.task
            raise Unavailable(f"text.{task}: name an address, as remote:http://host:8080/predict")

    def reads(self, language: str) -> bool:
        """Say whether the model can read a language."""
        return self._usage.reads(language)

    def judge(self, texts: Sequence[str]) -> list[Judgement]:
        """Return what the server says of each text.

        Raises:
            NotReady: it is starting, or has too much to do.
            EngineFailed: it does not answer, or not as it should.
        """
        with ThreadPoolExecutor(CONNECTIONS) as threads:
            return [self._judgement(wrap(text, WINDOW_CHARACTERS), threads) for text in texts]

    def _judgement(self, pieces: Sequence[str], threads: ThreadPoolExecutor) -> Judgement:
        asked = pieces[: self._usage.max_windows]
        answers = list(threads.map(self._scores, asked))
        head = self._usage.head(sorted(answers[0]))
        scores = np.array([[answer[label] for label in head.labels] for answer in answers])
        labels = head.labelled(head.combined(scores, [len(piece) for piece in asked]))
        return Judgement({head.task: labels}, len(asked), len(asked) < len(pieces))

    def _scores(self, text: str) -> Mapping[str, float]:
        """Return the labels of one piece: some servers answer with a list, some with one in it."""
        response = self._answer(text)
        try:
            rows = response.json()
            rows = rows[0] if isinstance(rows[0], list) else rows
            return {row["label"].lower(): float(row["score"]) for row in rows}
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise EngineFailed(f"{self.name} answers with something else than labels") from error

    def _answer(self, text: str) -> "httpx.Response":
        response = self._post(text)
        for pause_s in PAUSES_S:
            if response.status_code not in WORTH_ANOTHER_TRY:
                break
            sleep(pause_s)
            response = self._post(text)
        if response.status_code in BUSY:
            raise NotReady(f"{self.name}, which judges texts, is starting or has too much to do")
        if not response.is_success:
            raise EngineFailed(f"{self.name}, which judges texts, answers {response.status_code}")
        return response

    def _post(self, text: str) -> "httpx.Response":
        import httpx

        try:
            return self._client.post(self._url, json={"inputs": text, "truncate": True})
        except httpx.HTTPError as error:
            raise EngineFailed(f"{self.name}, which judges texts, does not answer") from error

    @cached_property
    def _client(self) -> "httpx.Client":
        import httpx

        return httpx.Client(headers=self._headers, timeout=self._timeout_s)
