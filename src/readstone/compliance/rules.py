"""The rules that the configuration can name."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from readstone.classifying import TextClassifier
from readstone.compliance.clamd import Clamd, Scan
from readstone.compliance.rule import Candidate, refused
from readstone.engine.nlp.base import Task
from readstone.engine.recognise import bare_picture, longer_side, picture_hash, plays
from readstone.engine.shown import picture_scores

SAME_PICTURE_BITS = 6
# Runs a function of the engine on the bytes of a file, and what else it needs, in a worker.
InWorker = Callable[..., Awaitable[Any]]
# Returns the text of a file.
Read = Callable[[Candidate], Awaitable[str]]


class TypeRule:
    """A file is of one of some types.

    Args:
        types: as `image/png`.
    """

    name = "type"

    def __init__(self, types: Sequence[str]) -> None:
        self._types = types

    async def apply(self, candidate: Candidate) -> Candidate:
        """Return the file; refuse one of another type."""
        if candidate.media_type not in self._types:
            raise refused(self, f"files of this type are not kept; send {', '.join(self._types)}")
        return candidate


class SizeRule:
    """A file has no more than so many bytes."""

    name = "size"

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    async def apply(self, candidate: Candidate) -> Candidate:
        """Return the file; refuse one that is larger."""
        if len(candidate.data) > self._max_bytes:
            raise refused(self, f"files of more than {self._max_bytes} bytes are not kept")
        return candidate


class DimensionsRule:
    """No side of a picture has more than so many pixels."""

    name = "dimensions"

    def __init__(self, in_worker: InWorker, max_side_px: int) -> None:
        self._in_worker = in_worker
        self._max_side_px = max_side_px

    async def apply(self, candidate: Candidate) -> Candidate:
        """Return the file; refuse a picture that is larger."""
        side_px = await self._in_worker(longer_side, candidate) if candidate.is_picture else 0
        if side_px > self._max_side_px:
            raise refused(self, f"pictures over {self._max_side_px} pixels are not kept")
        return candidate


class StillRule:
    """A picture does not move: nobody looks at what comes after its first frame."""

    name = "still"

    def __init__(self, in_worker: InWorker) -> None:
        self._in_worker = in_worker

    async def apply(self, candidate: Candidate) -> Candidate:
        """Return the file; refuse a picture that is animated."""
        if candidate.is_picture and await self._in_worker(plays, candidate):
            raise refused(self, "the picture is animated; send a still one")
        return candidate


class MetadataRule:
    """A picture tells nothing beside its pixels: no place, no device, no person."""

    name = "metadata"

    def __init__(self, in_worker: InWorker) -> None:
        self._in_worker = in_worker

    async def apply(self, candidate: Candidate) -> Candidate:
        """Return the file without metadata."""
        if not candidate.is_picture:
            return candidate
        return replace(candidate, data=await self._in_worker(bare_picture, candidate))


class BlockedRule:
    """A file is none of those that are blocked, nor a picture that looks like one of them.

    Args:
        digests: SHA-256 of files, in hexadecimal.
        hashes: of pictures, as `picture_hash` returns them.
    """

    name = "blocked"

    def __init__(
        self, in_worker: InWorker, *, digests: frozenset[str], hashes: Sequence[int]
    ) -> None:
        self._in_worker = in_worker
        self._digests = digests
        self._hashes = hashes

    async def apply(self, candidate: Candidate) -> Candidate:
        """Return the file; refuse one that is blocked."""
        if candidate.sha256 in self._digests or await self._looks_blocked(candidate):
            raise refused(self, "the file is blocked here")
        return candidate

    async def _looks_blocked(self, candidate: Candidate) -> bool:
        if not (self._hashes and candidate.is_picture):
            return False
        seen: int = await self._in_worker(picture_hash, candidate)
        return any((seen ^ each).bit_count() <= SAME_PICTURE_BITS for each in self._hashes)


class PictureRule:
    """A picture shows nothing that the operator's classifier is to find.

    Args:
        folder: of the classifier.
        labels: that put a picture in quarantine, from `threshold` on.
    """

    name = "picture"

    def __init__(
        self, in_worker: InWorker, folder: Path, *, labels: Sequence[str], threshold: float
    ) -> None:
        self._in_worker = in_worker
        self._folder = folder
        self._labels = labels
        self._threshold = threshold

    async def apply(self, candidate: Candidate) -> Candidate:
        """Return the file; put a picture in quarantine that shows such a thing."""
        if candidate.is_picture:
            scores = await self._in_worker(picture_scores, candidate, self._folder)
            if any(scores[label] >= self._threshold for label in self._labels):
                raise refused(self, "a person has to look at the picture", quarantined=True)
        return candidate


class WordsRule:
    """None of some words stands in a file."""

    name = "words"

    def __init__(self, read: Read, words: Sequence[str]) -> None:
        self._read = read
        alternatives = "|".join(map(re.escape, words))
        self._pattern = re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)

    async def apply(self, candidate: Candidate) -> Candidate:
        """Return the file; put one in quarantine that has such a word."""
        if self._pattern.search(await self._read(candidate)):
            raise refused(self, "a person has to look at what the file says", quarantined=True)
        return candidate


class ModerationRule:
    """What stands in a file does not offend."""

    name = "moderation"

    def __init__(self, read: Read, classifier: TextClassifier) -> None:
        self._read = read
        self._classifier = classifier

    async def apply(self, candidate: Candidate) -> Candidate:
        """Return the file; put one in quarantine whose text is flagged."""
        text = await self._read(candidate)
        if text.strip():
            verdict = await self._classifier.classify(text, Task.MODERATION)
            if any(label.is_flagged for label in verdict.labels(Task.MODERATION)):
                raise refused(self, "a person has to look at what the file says", quarantined=True)
        return candidate


class VirusRule:
    """A scanner finds nothing in a file, and has looked at all of it."""

    name = "virus"

    def __init__(self, scanner: Clamd) -> None:
        self._scanner = scanner

    async def apply(self, candidate: Candidate) -> Candidate:
        """Return the file; refuse one in which something was found, or that was not looked at."""
        match await self._scanner.scan(candidate.data):
            case Scan.FOUND:
                raise refused(self, "the virus scanner has found something in the file")
            case Scan.NOT_SCANNED:
                raise refused(self, "the virus scanner takes no file like this; send a smaller one")
        return candidate
