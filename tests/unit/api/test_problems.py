"""Error codes and their problem documents."""

import json
from collections.abc import Iterator

import pytest

from readstone import errors
from readstone.api.problems import PROBLEMS, problem_response
from readstone.errors import BodyTooLarge, ConfigError, QueueFull, ReadstoneError, Unauthorized


def family(kind: type[ReadstoneError] = ReadstoneError) -> Iterator[type[ReadstoneError]]:
    """Yield an error and all that are derived from it."""
    yield kind
    for each in kind.__subclasses__():
        yield from family(each)


ERRORS = [kind for kind in family() if kind is not ConfigError]


@pytest.mark.parametrize("kind", ERRORS)
def test_every_error_can_be_answered(kind: type[ReadstoneError]) -> None:
    """Each of our errors that can meet a request has a status, a title and a remedy."""
    answer = problem_response(kind("this is why"), "/here")
    body = json.loads(answer.body)
    assert 400 <= answer.status_code < 600
    assert (body["status"], body["instance"], body["detail"]) == (
        answer.status_code,
        "/here",
        "this is why",
    )
    assert body["type"] == f"/problems/{kind.code.replace('_', '-')}"


def test_no_problem_is_without_an_error() -> None:
    """The table holds nothing that cannot happen."""
    assert set(PROBLEMS) == {kind.code for kind in ERRORS}


def test_codes_are_unique() -> None:
    """A code tells one error from all others."""
    assert len({kind.code for kind in family()}) == len(list(family()))
    assert errors.ReadstoneError.code == "internal_error"


@pytest.mark.parametrize("kind", [kind for kind in ERRORS if kind.retryable])
def test_what_can_be_tried_again_says_when(kind: type[ReadstoneError]) -> None:
    """A refusal that ends by itself is a 429, 503 or 507 with Retry-After."""
    answer = problem_response(kind("later"), "/")
    assert answer.status_code in (429, 503, 507)
    assert int(answer.headers["Retry-After"]) >= 1


def test_facts_are_members_of_the_document() -> None:
    """Limit, actual and setting stand in the document; the time to wait in the header."""
    large = problem_response(BodyTooLarge("x", limit=5, actual=6, setting="a.b"), "/")
    body = json.loads(large.body)
    assert (body["limit"], body["actual"], body["setting"]) == (5, 6, "a.b")
    full = problem_response(QueueFull("x", retry_after=7), "/")
    assert full.headers["Retry-After"] == "7"
    assert "retry_after" not in json.loads(full.body)


def test_other_headers_are_kept() -> None:
    """What the framework sends with a refusal goes along."""
    answer = problem_response(Unauthorized("x"), "/", {"Connection": "close"})
    assert (answer.headers["Connection"], answer.headers["WWW-Authenticate"]) == ("close", "Bearer")
