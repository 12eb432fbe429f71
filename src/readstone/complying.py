"""Builds the rules that a configuration names, and sees where data would go."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from readstone.classifying import TextClassifier
from readstone.compliance import rules
from readstone.compliance.clamd import Clamd
from readstone.compliance.rule import Candidate, Rule
from readstone.engine.base import OcrOptions
from readstone.engine.line import Lane, Ticket
from readstone.engine.pool import EnginePool
from readstone.engine.shown import open_classifier
from readstone.errors import ConfigError
from readstone.reading import DocumentReader, Patience
from readstone.settings import AppConfig
from readstone.telling import documents_topic, events_topic

PICTURE_HASH = "picture:"


class RuleBuilder:
    """Builds rules by their names."""

    def __init__(
        self,
        config: AppConfig,
        pool: EnginePool,
        reader: DocumentReader,
        classifier: TextClassifier,
    ) -> None:
        self._config = config
        self._pool = pool
        self._reader = reader
        self._classifier = classifier

    def rules(self) -> list[Rule]:
        """Return the rules that are configured, in their order.

        Raises:
            ConfigError: there is no such rule, or it lacks what it needs.
        """
        known: Mapping[str, Callable[[], Rule]] = {
            "type": self._type,
            "size": partial(rules.SizeRule, self._config.compliance.max_bytes),
            "dimensions": partial(
                rules.DimensionsRule, self._in_worker, self._config.compliance.max_side_px
            ),
            "still": partial(rules.StillRule, self._in_worker),
            "metadata": partial(rules.MetadataRule, self._in_worker),
            "blocked": self._blocked,
            "picture": self._picture,
            "words": self._words,
            "moderation": partial(rules.ModerationRule, self._text, self._classifier),
            "virus": lambda: rules.VirusRule(Clamd(self._config.compliance.clamd)),
        }
        wanted = self._config.compliance.rules
        if unknown := sorted(set(wanted) - known.keys()):
            raise ConfigError(
                f"compliance.rules: {', '.join(unknown)} is none of {', '.join(known)}"
            )
        return [known[name]() for name in wanted]

    def _type(self) -> Rule:
        types = self._config.compliance.types
        if not types:
            raise ConfigError("compliance.types: name those that are kept, as image/png")
        return rules.TypeRule(types)

    def _blocked(self) -> Rule:
        lines = _lines("compliance.blocked", self._config.compliance.blocked)
        try:
            hashes = [
                int(line.removeprefix(PICTURE_HASH), 16)
                for line in lines
                if line.startswith(PICTURE_HASH)
            ]
        except ValueError as error:
            raise ConfigError("compliance.blocked: a picture is 16 hexadecimal digits") from error
        digests = frozenset(line.lower() for line in lines if not line.startswith(PICTURE_HASH))
        return rules.BlockedRule(self._in_worker, digests=digests, hashes=hashes)

    def _picture(self) -> Rule:
        compliance = self._config.compliance
        folder = Path(compliance.classifier)
        known = open_classifier(folder).labels
        unknown = sorted(set(compliance.labels) - set(known))
        if unknown or not compliance.labels:
            raise ConfigError(f"compliance.labels: name some of {', '.join(known)}")
        return rules.PictureRule(
            self._in_worker,
            folder,
            labels=compliance.labels,
            threshold=compliance.threshold,
        )

    def _words(self) -> Rule:
        return rules.WordsRule(
            self._text, _lines("compliance.words", self._config.compliance.words)
        )

    async def _in_worker(
        self, function: Callable[..., Any], candidate: Candidate, *others: Any
    ) -> Any:
        outcome = await self._pool.run(
            function,
            candidate.data,
            *others,
            deadline_s=self._config.ocr.deadline_s,
            ticket=self._ticket(candidate),
        )
        return outcome.value

    async def _text(self, candidate: Candidate) -> str:
        patience = Patience(self._ticket(candidate), self._config.limits.pages_now)
        options = OcrOptions(lang=self._config.ocr.language)
        document, _ = await self._reader.read(candidate.data, options, patience)
        return document.text

    def _ticket(self, candidate: Candidate) -> Ticket:
        return Ticket(Lane.NOW, self._config.ocr.wait_s, candidate.queue)


def check_region(config: AppConfig) -> None:
    """Return when data goes nowhere but to the places that are allowed.

    Raises:
        ConfigError: a bucket, a webhook or a topic lies elsewhere.
    """
    allowed = config.compliance.region
    elsewhere = sorted(set(_places(config)) - set(allowed))
    if allowed and elsewhere:
        raise ConfigError(
            f"compliance.region: data would go to {', '.join(elsewhere)}; allowed is "
            f"{', '.join(allowed)}; change storage.url, webhooks or kafka, or allow it"
        )


def _places(config: AppConfig) -> Iterator[str]:
    """Yield the region of the bucket and the hosts that are called back, or told by Kafka."""
    if config.storage.url != "auto":
        regions = parse_qs(urlsplit(config.storage.url).query).get("region")
        yield from regions or ["a bucket whose region storage.url does not name"]
    yield from (urlsplit(url).hostname or url for url in config.webhooks.targets.values())
    yield from config.webhooks.allowed_hosts
    for topic in filter(None, (events_topic(config.kafka), documents_topic(config.kafka))):
        yield from topic.hosts


def _lines(setting: str, path: str) -> list[str]:
    """Return the lines of a file that are neither empty nor a comment.

    Raises:
        ConfigError: there are none.
    """
    try:
        text = Path(path).read_text(encoding="utf-8") if path else ""
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"{setting}: {path} cannot be read") from error
    lines = [line.strip() for line in text.splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    if not found:
        raise ConfigError(f"{setting}: name a file with a line for each; its rule needs it")
    return found
