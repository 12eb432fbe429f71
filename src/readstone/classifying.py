"""Classifies texts: those that were asked before from memory, the others in batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from readstone.batching import Batcher
from readstone.cache import ResultCache, content_key
from readstone.engine.nlp.base import Judgement, Label, Task, TextEngine
from readstone.engine.nlp.hub import TransformersEngine
from readstone.engine.nlp.language import Language, language_of
from readstone.engine.nlp.onnx import WEIGHTS, OnnxEngine
from readstone.engine.nlp.remote import RemoteEngine
from readstone.engine.nlp.usage import Usage
from readstone.errors import ConfigError, InvalidRequest
from readstone.settings import TextConfig
from readstone.texts import checked_bytes

# Of the texts that are judged together; a longer one is judged alone.
BATCH_CHARACTERS = 8_192


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a text; nothing, when it is in a language that the engine cannot read."""

    language: Language
    judgement: Judgement | None

    def labels(self, task: Task) -> tuple[Label, ...]:
        """Return the labels of a task by falling score."""
        return self.judgement.labels[task] if self.judgement else ()


class TextClassifier:
    """Answers what may be asked about texts.

    Args:
        engines: the one that judges, for each task; the same one may do so for several.
        max_characters: of a text.
        cache_bytes: of the verdicts that are kept, the least recently used making room.
        max_waiting: texts that may wait for one engine.
    """

    def __init__(
        self,
        engines: Mapping[Task, TextEngine],
        *,
        max_characters: int,
        cache_bytes: int,
        max_waiting: int,
    ) -> None:
        self.engines = engines
        self._max_characters = max_characters
        self._cache: ResultCache[Verdict] = ResultCache(max_bytes=cache_bytes)
        self._batchers = {
            id(engine): Batcher(
                partial(verdicts, engine), max_cost=BATCH_CHARACTERS, max_waiting=max_waiting
            )
            for engine in engines.values()
        }
        self.hits = 0
        self.misses = 0

    @property
    def waiting(self) -> int:
        """Number of texts that wait."""
        return sum(batcher.waiting for batcher in self._batchers.values())

    def model(self, task: Task) -> str:
        """Return the name of the model that judges."""
        return self.engines[task].name

    async def classify(self, text: str, task: Task) -> Verdict:
        """Return what is said of a text.

        Raises:
            InvalidRequest, BodyTooLarge, BadRequest: it is blank, too long, or no Unicode.
            QueueFull: too many texts wait.
            ReadstoneError: the engine cannot work now.
        """
        data = checked_bytes(text, max_characters=self._max_characters)
        if not data.strip():
            raise InvalidRequest("the text is blank; send one with words")
        engine = id(self.engines[task])
        batcher = self._batchers[engine]
        verdict, is_kept = await self._cache.get(
            content_key(data, engine), lambda: batcher.ask(text, cost=len(text))
        )
        self.hits += is_kept
        self.misses += not is_kept
        return verdict


def verdicts(engine: TextEngine, texts: Sequence[str]) -> list[Verdict]:
    """Return what is said of each text; takes its time."""
    languages = [language_of(text) for text in texts]
    readable = [
        text for text, each in zip(texts, languages, strict=True) if is_readable(engine, each)
    ]
    judgements = iter(engine.judge(readable) if readable else ())
    return [
        Verdict(each, next(judgements) if is_readable(engine, each) else None) for each in languages
    ]


def is_readable(engine: TextEngine, language: Language) -> bool:
    """Say whether a text may well be in a language that the engine reads; one without words is."""
    return not language.candidates or any(map(engine.reads, language.candidates))


def build_classifier(config: TextConfig, *, max_characters: int) -> TextClassifier:
    """Return what classifies texts; its models are loaded when they are first asked.

    Raises:
        ConfigError, Unavailable: an engine is none of ours, or cannot work here.
    """
    chosen = {Task.SENTIMENT: config.sentiment, Task.MODERATION: config.moderation}
    engines = {task: build_text_engine(choice, task, config) for task, choice in chosen.items()}
    if config.sentiment == config.moderation == "onnx":  # which answers both at once
        engines[Task.MODERATION] = engines[Task.SENTIMENT]
    for engine in engines.values():
        engine.check()
    return TextClassifier(
        engines,
        max_characters=max_characters,
        cache_bytes=config.cache_bytes,
        max_waiting=config.max_waiting,
    )


def build_text_engine(choice: str, task: Task, config: TextConfig) -> TextEngine:
    """Return the engine that a choice such as `transformers:FOLDER` names, not yet checked."""
    name, _, model = choice.partition(":")
    usage = Usage(task, config.flags, config.languages, config.max_windows)
    if name == "onnx":
        return OnnxEngine(Path(model) if model else WEIGHTS, max_windows=config.max_windows)
    if name == "transformers":
        return TransformersEngine(model, usage)
    if name == "remote":
        token = config.token.get_secret_value()
        return RemoteEngine(model, usage, token=token, timeout_s=config.timeout_s)
    raise ConfigError(f"text.{task}: {name} is none of onnx, transformers, remote")
