"""What may be kept: the rules of the configuration, seen from outside."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from readstone.database.tables import audit
from readstone.engine.likeness import difference_hash
from readstone.errors import ConfigError
from tests.fakes import TEXT, Service, picture
from tests.picture_classifier import write_classifier
from tests.virus_scanner import MAX_STREAM_KB, VIRUS, virus_scanner

Start = Callable[..., Service]


def send(service: Service, data: bytes) -> Any:
    """Send a file to be kept; return the answer."""
    return service.client.post("/v2/files", files={"file": ("a.png", data)})


def decisions(service: Service) -> list[tuple[str, str | None]]:
    """Return what was decided, and by which rule."""

    async def asked() -> list[tuple[str, str | None]]:
        async with service.app.state.parts.database.read() as connection:
            rows = await connection.execute(select(audit.c.outcome, audit.c.rule))
            return [(row.outcome, row.rule) for row in rows]

    return service.portal.call(asked)


def animation() -> bytes:
    """Return a GIF that moves."""
    out = BytesIO()
    frames = [Image.new("L", (40, 30), shade) for shade in (0, 255)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def with_comment(data: bytes) -> bytes:
    """Return a PNG that says where it was taken."""
    return data[:33] + bytes.fromhex("00000004") + b"tEXt" + b"\0far" + bytes(4) + data[33:]


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("type", {"types": "application/pdf,image/jpeg"}),
        ("size", {"max_bytes": "50"}),
        ("dimensions", {"max_side_px": "39"}),
    ],
)
def test_file_that_is_not_wanted_is_refused(
    start: Start, rule: str, values: dict[str, str]
) -> None:
    """By its type, its bytes, or the pixels of its longer side; at the bound it is kept."""
    service = start(compliance__rules=rule, **{f"compliance__{k}": v for k, v in values.items()})
    body = send(service, picture()).json()
    assert (body["status"], body["rule"], body["outcome"]) == (403, rule, "rejected")
    bounds = {"types": "image/png", "max_bytes": str(len(picture())), "max_side_px": "40"}
    service = start(compliance__rules=rule, **{f"compliance__{k}": v for k, v in bounds.items()})
    assert send(service, picture()).status_code == 201


def test_animated_picture_is_refused(start: Start) -> None:
    """The problem names the rule, and the decision is recorded."""
    service = start(compliance__rules="still")
    answer = send(service, animation())
    body = answer.json()
    assert (answer.status_code, body["code"]) == (403, "compliance_refused")
    assert (body["rule"], body["outcome"]) == ("still", "rejected")
    assert decisions(service) == [("rejected", "still")]
    assert service.client.get("/v2/files").json()["files"] == []


def test_metadata_is_taken_out_of_what_is_kept(start: Start) -> None:
    """What comes back has the pixels and nothing else."""
    service = start(compliance__rules="metadata")
    links = send(service, with_comment(picture())).json()["links"]
    assert service.client.get(links["content"]).content == picture()
    assert decisions(service) == [("validated", None)]


def test_blocked_file_is_refused(start: Start, tmp_path: Path) -> None:
    """The same bytes, or a picture that looks like one that is blocked."""
    noise = np.random.default_rng(3).integers(0, 256, (8, 9), np.uint8)
    image = Image.fromarray(noise).resize((90, 80), Image.Resampling.BOX)
    smaller = BytesIO()
    image.resize((45, 40)).save(smaller, "PNG")
    blocked = tmp_path / "blocked"
    digest, likeness = sha256(picture()).hexdigest(), difference_hash(np.asarray(image))
    blocked.write_text(f"# seen in May\n{digest}\npicture:{likeness:016x}\n")
    service = start(compliance__rules="blocked", compliance__blocked=str(blocked))
    assert send(service, picture()).status_code == 403
    assert send(service, smaller.getvalue()).status_code == 403
    assert send(service, picture(size=(50, 50))).status_code == 201


def red() -> bytes:
    """Return a picture that is red all over."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


def test_what_a_picture_shows_puts_it_in_quarantine(start: Start, tmp_path: Path) -> None:
    """As the operator's own classifier sees it."""
    folder = write_classifier(tmp_path / "model")
    service = start(
        compliance__rules="picture",
        compliance__classifier=str(folder),
        compliance__labels="red",
        compliance__threshold="0.9",
    )
    body = send(service, red()).json()
    assert (body["status"], body["rule"], body["outcome"]) == (403, "picture", "quarantined")
    assert send(service, picture()).status_code == 201


@pytest.mark.parametrize("labels", ["", "red,blue"])
def test_label_that_a_classifier_has_not_refuses_the_start(
    start: Start, tmp_path: Path, labels: str
) -> None:
    """Those that it has are named."""
    folder = write_classifier(tmp_path / "model")
    with pytest.raises(ConfigError, match=r"compliance\.labels: name some of plain, red"):
        start(
            compliance__rules="picture",
            compliance__classifier=str(folder),
            compliance__labels=labels,
        )


def test_word_puts_a_file_in_quarantine(start: Start, tmp_path: Path) -> None:
    """A person of the operator finds it under its digest; nobody else gets it."""
    words = tmp_path / "words"
    words.write_text(TEXT.split()[0].lower().strip(",.!") + "\n")
    service = start(compliance__rules="words", compliance__words=str(words))
    body = send(service, picture()).json()
    assert (body["status"], body["rule"], body["outcome"]) == (403, "words", "quarantined")
    kept = service.app.state.parts.storage
    key = f"quarantine/{sha256(picture()).hexdigest()}"
    assert service.portal.call(partial(kept.get, key)) == picture()


def test_other_words_are_kept(start: Start, tmp_path: Path) -> None:
    """A word within another one is another word."""
    words = tmp_path / "words"
    words.write_text(f"{TEXT[:2]}\nunheard-of\n")
    service = start(compliance__rules="words", compliance__words=str(words))
    assert send(service, picture()).status_code == 201


def test_text_that_is_not_flagged_is_kept(start: Start) -> None:
    """Moderation reads what stands in the file."""
    assert send(start(compliance__rules="moderation"), picture()).status_code == 201


def test_virus_is_refused(start: Start) -> None:
    """And what the scanner does not look at; each decision is recorded."""
    with virus_scanner() as address:
        service = start(compliance__rules="virus", compliance__clamd=address)
        for added in (VIRUS, bytes(MAX_STREAM_KB * 10_240)):
            body = send(service, picture() + added).json()
            assert (body["status"], body["rule"], body["outcome"]) == (403, "virus", "rejected")
        assert send(service, picture()).status_code == 201
    assert [outcome for outcome, _ in decisions(service)] == ["rejected", "rejected", "validated"]


def test_scanner_that_is_not_there_lets_nothing_through(start: Start, tmp_path: Path) -> None:
    """The file can be sent again later."""
    service = start(compliance__rules="virus", compliance__clamd=f"unix:{tmp_path}/nothing")
    assert send(service, picture()).status_code == 503


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"rules": "still,magic"}, "compliance.rules: magic is none of type"),
        ({"rules": "type"}, "compliance.types: name those"),
        ({"rules": "words"}, "compliance.words: name a file"),
        ({"rules": "blocked", "blocked": "/nowhere"}, "compliance.blocked: /nowhere cannot"),
        ({"rules": "picture", "classifier": "/no"}, "compliance.classifier: /no must hold"),
        ({"rules": "virus"}, "compliance.clamd: write tcp"),
    ],
)
def test_rule_that_cannot_work_refuses_the_start(
    start: Start, values: dict[str, str], said: str
) -> None:
    """The setting is named."""
    with pytest.raises(ConfigError, match=said):
        start(**{f"compliance__{name}": value for name, value in values.items()})
