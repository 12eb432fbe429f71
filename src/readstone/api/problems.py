"""Refusals: error code to status, in one table; every answer of 400 and above is RFC 9457."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import structlog
from asgi_correlation_id import correlation_id
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.requests import Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from readstone.errors import (
    BadRequest,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    ReadstoneError,
)

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5

# For OpenAPI: what every route may answer.
DESCRIBED: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem document (RFC 9457); each `type` is a page that says what to do.",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail", "code", "request_id"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "instance": {"type": "string"},
                        "code": {"type": "string"},
                        "retryable": {"type": "boolean"},
                        "request_id": {"type": "string"},
                    },
                },
                "example": {
                    "type": "/problems/unsupported-type",
                    "title": "The bytes are not of a type that is read",
                    "status": 415,
                    "detail": "the bytes are not a picture that can be read",
                    "instance": "/v2/ocr",
                    "code": "unsupported_type",
                    "retryable": False,
                    "request_id": "5f0c9a2e1d3b4c5d8e7f6a5b4c3d2e1f",
                },
            }
        },
    }
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What a code means over HTTP, and what a person can do about it."""

    status: int
    title: str
    remedy: str


PROBLEMS = {
    "bad_request": Problem(
        400, "The request cannot be read", "Send valid JSON, multipart or base64."
    ),
    "unauthorized": Problem(
        401, "A token is needed", "Send the header `Authorization: Bearer TOKEN`."
    ),
    "compliance_refused": Problem(
        403,
        "The file may not be kept here",
        "The member rule says why; a file in quarantine waits for a person of the operator.",
    ),
    "origin_refused": Problem(
        403,
        "This web page may not use the service",
        "The operator adds the page's origin to origins.allowed.",
    ),
    "not_found": Problem(404, "There is nothing here", "Compare the address with /docs."),
    "method_not_allowed": Problem(
        405, "This address does not take this method", "The header Allow names those it takes."
    ),
    "body_too_slow": Problem(
        408, "The request came too slowly", "Send it faster; server.body_s is the limit."
    ),
    "conflict": Problem(409, "The state does not allow this step", "Ask for the state first."),
    "expired": Problem(410, "The result is no longer kept", "Send the picture again."),
    "body_too_large": Problem(
        413, "Too many bytes", "Send a smaller file; limits.body_bytes is the limit."
    ),
    "image_too_large": Problem(
        413,
        "The picture is too large",
        "Scale it down: 300 dpi are enough; limits.pixels and limits.side_px are the limits.",
    ),
    "too_many_pages": Problem(
        413,
        "Too many pages",
        "Ask for fewer with `pages`, or for a job with `Prefer: respond-async`; limits.pages_now "
        "and limits.pages_later are the limits.",
    ),
    "too_costly": Problem(
        413,
        "Reading this takes too much memory",
        "Send a smaller picture; ocr.worker_memory_mb is the limit.",
    ),
    "unsupported_type": Problem(
        415,
        "The bytes are not of a type that is read",
        "Send PDF, PNG, JPEG, WebP, TIFF, BMP or GIF.",
    ),
    "corrupt_input": Problem(422, "The file is damaged", "Save the picture again and send that."),
    "invalid_request": Problem(
        422, "A field has a value that cannot be used", "The detail names the field; see /docs."
    ),
    "unknown_language": Problem(
        422,
        "The language is not installed",
        "Choose an installed one; scripts/setup.sh --languages installs more.",
    ),
    "language_not_read": Problem(
        422,
        "The model cannot judge this language",
        "Send text in another language; the operator may configure another model.",
    ),
    "password_needed": Problem(
        422, "The document is encrypted", "Send its password in the field `password`."
    ),
    "not_redacted": Problem(
        422,
        "The document cannot be redacted with certainty",
        "Send an upright, clearer picture, or the pages that can be read with `pages`.",
    ),
    "breaks_engine": Problem(
        422, "The engine cannot read this", "Save the picture in another format and send that."
    ),
    "deadline_exceeded": Problem(
        422,
        "Reading this takes too long",
        "Send a smaller or cleaner picture, or fewer pages; ocr.deadline_s and jobs.deadline_s are "
        "the limits.",
    ),
    "client_gone": Problem(499, "The client has gone", "Nobody sees this."),
    "rate_limited": Problem(
        429,
        "Too many requests within a minute",
        "Send it again after the seconds in Retry-After; limits.requests_per_minute is the limit.",
    ),
    "caller_share": Problem(
        429,
        "Too much of your own work is waiting",
        "Send it again after the seconds in Retry-After, and less at a time.",
    ),
    "internal_error": Problem(500, "The service made a mistake", "Report it with its request_id."),
    "unavailable": Problem(
        503,
        "A part of the service is not installed",
        "The detail says how the operator installs it.",
    ),
    "engine_failed": Problem(503, "The engine failed", "Send the request again."),
    "not_ready": Problem(503, "The service is not ready", "Wait; the detail says for what."),
    "queue_full": Problem(
        503, "Too much work is waiting", "Send it again after the seconds in Retry-After."
    ),
    "store_full": Problem(
        503, "There is no place for another job", "Send it again after the seconds in Retry-After."
    ),
    "storage_failed": Problem(
        503,
        "The disk or the database cannot be used",
        "Send it again; /ready says more.",
    ),
    "gave_up": Problem(
        422, "The work never came to an end", "Save the document in another format and send that."
    ),
    "storage_full": Problem(
        507,
        "There is no room for new work",
        "Send it again later; the operator makes room on the disk, or lowers data.floor_bytes.",
    ),
    "draining": Problem(503, "The service is stopping", "Send it again in a moment."),
}

STATUS_CODES = {404: NotFound, 405: MethodNotAllowed, 400: BadRequest}

router = APIRouter(include_in_schema=False)


@router.get("/problems/{slug}")
async def explain_problem(slug: str) -> HTMLResponse:
    """Explain a type of problem to a person."""
    problem = PROBLEMS.get(slug.replace("-", "_"))
    if problem is None:
        raise NotFound("there is no problem of this name")
    title = escape(f"{problem.status} {problem.title}")
    return HTMLResponse(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
        "<body style='font:16px/1.5 system-ui;max-width:40em;margin:3em auto;padding:0 1em'>"
        f"<h1>{title}</h1><p>{escape(problem.remedy)}</p>"
    )


def problem_response(
    error: ReadstoneError, path: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return the problem document of an error, for a request to this path."""
    status, sent = PROBLEMS[error.code].status, dict(headers or {})
    if status in (429, 503, 507):
        sent["Retry-After"] = str(error.facts.get("retry_after", RETRY_AFTER_S))
    if status == 401:
        sent["WWW-Authenticate"] = "Bearer"
    return JSONResponse(problem_body(error, path), status, sent, MEDIA_TYPE)


def problem_body(
    error: ReadstoneError, path: str, *, request_id: str | None = None
) -> dict[str, Any]:
    """Return the members of the problem document of an error."""
    problem = PROBLEMS[error.code]
    return {
        "type": f"/problems/{error.code.replace('_', '-')}",
        "title": problem.title,
        "status": problem.status,
        "detail": error.detail,
        "instance": path,
        "code": error.code,
        "retryable": error.retryable,
        "request_id": request_id or correlation_id.get(),
        **{name: fact for name, fact in error.facts.items() if name != "retry_after"},
    }


def install(app: FastAPI) -> None:
    """Make an application answer every refusal with a problem document."""
    app.include_router(router)
    app.add_exception_handler(ReadstoneError, _on_our_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)


async def _on_our_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ReadstoneError)
    return problem_response(error, request.scope["path"])


async def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    """Answer what Starlette and FastAPI refuse by themselves."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    methods = request.app.state.methods.get(getattr(request.scope.get("route"), "path", ""))
    if error.status_code == 405 and methods:
        # Starlette names the methods of one route, and an address may have several.
        headers["Allow"] = ", ".join(sorted(methods))
    kind = STATUS_CODES.get(error.status_code, BadRequest)
    ours = kind(_sentence(error.status_code), status=error.status_code)
    return problem_response(ours, request.scope["path"], headers)


async def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    """Answer a body that does not fit its model; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {"field": ".".join(map(str, each["loc"][1:])), "reason": each["msg"]}
        for each in error.errors()
    ]
    if any(each["type"] == "json_invalid" for each in error.errors()):
        return problem_response(BadRequest("the body is not JSON"), request.scope["path"])
    detail = "; ".join(f"{each['field'] or 'body'}: {each['reason']}" for each in errors)
    return problem_response(InvalidRequest(detail, errors=errors), request.scope["path"])


def _sentence(status: int) -> str:
    return {
        404: "there is nothing at this address; /docs lists the routes",
        405: "this address does not take this method",
    }.get(status, "the body cannot be read; is it complete, and of the type that is claimed?")
