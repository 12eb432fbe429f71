"""The error family: stable codes and safe messages; nothing here knows HTTP."""

from collections.abc import Mapping
from typing import Any, ClassVar


class ReadstoneError(Exception):
    """A failure whose message is safe to show and says what to do.

    Args:
        detail: one sentence for the person who sent the request; no path, no library's own message.
        facts: further members of the problem document, such as `limit`, `actual` and `setting`.
    """

    code: ClassVar[str] = "internal_error"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts: Mapping[str, Any] = facts

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.detail, dict(self.facts))


def _rebuild(kind: type[ReadstoneError], detail: str, facts: dict[str, Any]) -> ReadstoneError:
    return kind(detail, **facts)


def error_of_code(code: str, detail: str, facts: Mapping[str, Any]) -> ReadstoneError:
    """Return an error as it was before only its members were kept."""
    kinds = {kind.code: kind for kind in ReadstoneError.__subclasses__()}
    return kinds.get(code, ReadstoneError)(detail, **facts)


class ConfigError(ReadstoneError):
    """The configuration cannot work; the message names the key and the remedy."""

    code = "config_error"


class Unavailable(ReadstoneError):
    """A part that was chosen is not installed; the message says how to install it."""

    code = "unavailable"


class BadRequest(ReadstoneError):
    """The request cannot be read: not JSON, not multipart, not base64."""

    code = "bad_request"


class InvalidRequest(ReadstoneError):
    """The request can be read, and a field of it has a value that cannot be used."""

    code = "invalid_request"


class Unauthorized(ReadstoneError):
    """No token, or a wrong one."""

    code = "unauthorized"


class OriginRefused(ReadstoneError):
    """A browser sent the request from a page that may not use this service."""

    code = "origin_refused"


class NotFound(ReadstoneError):
    """There is nothing under this address, or it belongs to somebody else."""

    code = "not_found"


class MethodNotAllowed(ReadstoneError):
    """The address exists and does not take this method."""

    code = "method_not_allowed"


class Expired(ReadstoneError):
    """The job existed; its result has been removed."""

    code = "expired"


class Conflict(ReadstoneError):
    """The thing is not in a state from which this step is possible."""

    code = "conflict"


class BodyTooSlow(ReadstoneError):
    """The client did not send its request within the time for it."""

    code = "body_too_slow"


class BodyTooLarge(ReadstoneError):
    """More bytes than the service takes."""

    code = "body_too_large"


class ImageTooLarge(ReadstoneError):
    """More pixels, or a longer side, than the service decodes."""

    code = "image_too_large"


class TooCostly(ReadstoneError):
    """Reading it needs more memory than a worker may use."""

    code = "too_costly"


class UnsupportedType(ReadstoneError):
    """The bytes are not of a type the service reads."""

    code = "unsupported_type"


class CorruptInput(ReadstoneError):
    """The bytes are of a type the service reads, and cannot be decoded."""

    code = "corrupt_input"


class PasswordNeeded(ReadstoneError):
    """The document is encrypted, and the password is missing or wrong."""

    code = "password_needed"


class TooManyPages(ReadstoneError):
    """More pages than are read for one request."""

    code = "too_many_pages"


class LanguageNotRead(ReadstoneError):
    """The text is in a language that the model cannot judge."""

    code = "language_not_read"


class BreaksEngine(ReadstoneError):
    """The input ended every worker that tried to read it."""

    code = "breaks_engine"


class NotRedacted(ReadstoneError):
    """What has to be hidden cannot be hidden with certainty; nothing is given out."""

    code = "not_redacted"


class UnknownLanguage(ReadstoneError):
    """The language is not installed; the message names those that are."""

    code = "unknown_language"


class ClientGone(ReadstoneError):
    """The client closed the connection; nobody will see the answer."""

    code = "client_gone"


class QueueFull(ReadstoneError):
    """The line is longer than a caller would wait."""

    code = "queue_full"
    retryable = True


class RateLimited(ReadstoneError):
    """The caller has sent too many requests lately."""

    code = "rate_limited"
    retryable = True


class CallerShare(ReadstoneError):
    """Too much of what waits is the caller's own."""

    code = "caller_share"
    retryable = True


class StoreFull(ReadstoneError):
    """Every place in the job store is taken by a job that has not ended."""

    code = "store_full"
    retryable = True


class ComplianceRefused(ReadstoneError):
    """A rule does not let a file be kept; `rule` and `outcome` are among the facts."""

    code = "compliance_refused"


class StorageFull(ReadstoneError):
    """The disk has too little room for new work."""

    code = "storage_full"
    retryable = True


class StorageFailed(ReadstoneError):
    """The database or the storage cannot be used now."""

    code = "storage_failed"
    retryable = True


class GaveUp(ReadstoneError):
    """The work was begun again and again, and its process never saw the end of it."""

    code = "gave_up"


class Draining(ReadstoneError):
    """The service is stopping and takes no new work."""

    code = "draining"
    retryable = True


class NotReady(ReadstoneError):
    """The service lives and cannot take work now."""

    code = "not_ready"
    retryable = True


class EngineFailed(ReadstoneError):
    """The engine failed for a reason that does not lie in the input."""

    code = "engine_failed"
    retryable = True


class DeadlineExceeded(ReadstoneError):
    """The work was ended because it took longer than it may."""

    code = "deadline_exceeded"
