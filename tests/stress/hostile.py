"""Sends hostile files to a running service and checks that it stays polite.

`python -m tests.stress.hostile --url http://127.0.0.1:8000 --data DIR` sends every file of DIR
by every route that takes a document; `--mutations 500` sends damaged copies of good ones too, and
`--pid` watches the memory, processes and open files of the service with that id.
DIR holds manifest.jsonl with a row a file: file, kind, content_type, max_seconds, perhaps
send_filename, and expect, one of the keys of EXPECTED below.
"""

import argparse
import json
import random
import re
import sys
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx2

from tests.stress.watch import Watch

TESTDATA = Path(__file__).parents[2] / "testdata"
SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".pdf", ".heic"}
PICTURES_ONLY = {"echo"}
MAY_REFUSE = {"redact"}
MUTATION_LIMIT_S = 40.0
CLIENT_TIMEOUT_S = 120.0
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "retryable", "request_id"}
TELLTALE = re.compile(
    r"Traceback|File \"|site-packages|/(?:usr|home|root|tmp|app|opt|var|srv|work|proc)/"
)
REFUSED, READ = {"4xx"}, {"2xx"}
EXPECTED = {
    "reject": REFUSED,
    "limit": REFUSED,
    "password_needed": REFUSED,
    "ok": READ,
    "limit_or_ok": READ | REFUSED,
    "ok_or_limit": READ | REFUSED,
    "ok_or_415": READ | REFUSED,
    "ok_or_reject": READ | REFUSED,
    "no_5xx": READ | REFUSED,
}


@dataclass(frozen=True, slots=True)
class Case:
    """Bytes to send, as what, and what may come back within which time."""

    name: str
    kind: str
    data: bytes
    content_type: str
    filename: str
    expect: str
    max_seconds: float

    @property
    def is_pdf(self) -> bool:
        """Whether it is, or claims to be, a PDF."""
        return b"%PDF" in self.data[:1024] or self.name.lower().endswith(".pdf")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one request ended; `faults` says what was wrong with that."""

    case: Case
    way: str
    status: int
    seconds: float
    faults: tuple[str, ...]


def form(case: Case) -> dict[str, Any]:
    """Return a case as a form, its file name written as browsers write it, and otherwise raw."""
    name = case.filename
    for letter, written in (('"', "%22"), ("\r", "%0D"), ("\n", "%0A")):
        name = name.replace(letter, written)
    head = (
        f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {case.content_type}\r\n\r\n"
    ).encode("utf-8", "surrogatepass")
    return {
        "content": head + case.data + b"\r\n--edge--\r\n",
        "headers": {"Content-Type": "multipart/form-data; boundary=edge"},
    }


def raw(case: Case) -> dict[str, Any]:
    """Return a case as a bare body."""
    return {"content": case.data, "headers": {"Content-Type": case.content_type}}


def base64(case: Case) -> dict[str, Any]:
    """Return a case in JSON."""
    return {"json": {"data": b64encode(case.data).decode()}}


WAYS: dict[str, tuple[str, Callable[[Case], dict[str, Any]]]] = {
    "ocr form": ("/v2/ocr", form),
    "ocr raw": ("/v2/ocr", raw),
    "ocr base64": ("/v2/ocr", base64),
    "imagesync": ("/v1/imagesync", base64),
    "root": ("/", form),
    "echo": ("/img-echo/", form),
    "invoices": ("/v2/invoices", raw),
    "redact": ("/v2/redact?format=document", raw),
}


def read_cases(folder: Path) -> Iterator[Case]:
    """Yield the files of a folder with what its manifest says of them."""
    for line in (folder / "manifest.jsonl").read_text().splitlines():
        row = json.loads(line)
        file = folder / row["file"]
        yield Case(
            name=row["file"],
            kind=row["kind"],
            data=file.read_bytes(),
            content_type=row.get("content_type", "application/octet-stream"),
            filename=row.get("send_filename", file.name),
            expect=row.get("expect", "reject" if "error" in row else "ok"),
            max_seconds=row.get("max_seconds", MUTATION_LIMIT_S),
        )


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Return a damaged copy: bytes changed, cut, doubled or set to an extreme."""
    spoiled = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        # Most of what a decoder believes stands at the beginning.
        reach = chance.choice([64, 1024, len(spoiled)])
        at = chance.randrange(min(reach, len(spoiled)) or 1)
        length = chance.choice([1, 2, 4, 4, 64, 1024])
        piece = spoiled[at : at + length]
        spoiled[at : at + length] = chance.choice(
            [
                chance.randbytes(len(piece)),
                b"\xff" * len(piece),
                bytes(len(piece)),
                b"",
                piece * 2,
                b"\x7f" + b"\xff" * (len(piece) - 1),
            ]
        )
    return bytes(
        spoiled[: chance.randrange(len(spoiled) or 1)] if chance.random() < 0.2 else spoiled
    )


def mutations(good: list[Case], count: int, seed: int) -> Iterator[Case]:
    """Yield damaged copies of good documents; the same seed yields the same ones."""
    chance = random.Random(seed)
    for number in range(count):
        source = chance.choice(good)
        yield Case(
            name=f"mutation {number} (seed {seed}) of {source.name}",
            kind="mutation",
            data=mutate(source.data, chance),
            content_type=source.content_type,
            filename="mutation",
            expect="no_5xx",
            max_seconds=MUTATION_LIMIT_S,
        )


def good_documents(cases: list[Case]) -> list[Case]:
    """Return the documents that must be read, those of testdata/ among them."""
    has_own = (TESTDATA / "manifest.jsonl").exists()
    known = [*cases, *(read_cases(TESTDATA) if has_own else [])]
    return [
        case for case in known if case.expect == "ok" and Path(case.name).suffix.lower() in SUFFIXES
    ]


def faults_of(case: Case, answer: httpx2.Response, seconds: float, expect: str) -> Iterator[str]:
    """Yield what is wrong with an answer."""
    family = f"{answer.status_code // 100}xx"
    if family not in EXPECTED[expect]:
        yield f"{answer.status_code} where {expect} is expected"
    if seconds > case.max_seconds:
        yield f"{seconds:.1f} s where {case.max_seconds:g} s are allowed"
    if family in ("4xx", "5xx"):
        yield from problem_faults(answer)


def problem_faults(answer: httpx2.Response) -> Iterator[str]:
    """Yield what is wrong with a problem document."""
    if answer.headers.get("content-type") != "application/problem+json":
        yield "no problem document"
        return
    if missing := MEMBERS - answer.json().keys():
        yield f"the problem document lacks {', '.join(sorted(missing))}"
    if found := TELLTALE.search(answer.text):
        yield f"the answer tells {found[0]!r}"


def judge(client: httpx2.Client, case: Case, way: str) -> Verdict:
    """Send a case one way and judge the answer."""
    path, write = WAYS[way]
    is_free = way in MAY_REFUSE or (case.is_pdf and way in PICTURES_ONLY)
    expect = "no_5xx" if is_free else case.expect
    began = perf_counter()
    try:
        answer = client.post(path, **write(case))
    except httpx2.HTTPError as error:
        seconds = perf_counter() - began
        return Verdict(case, way, 0, seconds, (f"no answer: {type(error).__name__}",))
    seconds = perf_counter() - began
    faults = tuple(faults_of(case, answer, seconds, expect))
    return Verdict(case, way, answer.status_code, seconds, faults)


def read_control(client: httpx2.Client, control: Case) -> str:
    """Return the text of the control picture, or why there is none."""
    try:
        return client.post("/v2/ocr?format=text", **raw(control)).text
    except httpx2.HTTPError as error:
        return type(error).__name__


def judge_and_control(
    client: httpx2.Client, control: Case, text: str, watch: Watch, job: tuple[Case, str]
) -> Verdict:
    """Judge a case, and afterwards see whether the control picture still has its text."""
    verdict = judge(client, *job)
    watch.look()
    after = read_control(client, control)
    faults = () if after == text else (f"afterwards the control picture reads {after[:200]!r}",)
    return replace(verdict, faults=verdict.faults + faults)


def print_table(verdicts: list[Verdict]) -> None:
    """Print how the requests ended, by kind."""
    by_kind: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_kind[verdict.case.kind].append(verdict)
    print(
        f"{'kind':24}{'sent':>6}{'2xx':>6}{'4xx':>6}{'5xx':>6}{'none':>6}{'slowest':>10}{'bad':>5}"
    )
    for kind, group in [*sorted(by_kind.items()), ("all", verdicts)]:
        families = [verdict.status // 100 for verdict in group]
        counts = "".join(f"{families.count(family):6}" for family in (2, 4, 5, 0))
        slowest = max(verdict.seconds for verdict in group)
        bad = sum(bool(verdict.faults) for verdict in group)
        print(f"{kind:24}{len(group):6}{counts}{slowest:9.1f}s{bad:5}")


def read_arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--data", type=Path, help="folder with manifest.jsonl")
    parser.add_argument("--token", help="for the header Authorization")
    parser.add_argument("--mutations", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--pid", type=int, help="of the service, to watch what it takes")
    return parser.parse_args()


def main() -> int:
    """Send everything, print the table and each fault; return the exit code."""
    given = read_arguments()
    cases = list(read_cases(given.data)) if given.data else []
    good = good_documents(cases)
    jobs = [(case, way) for case in cases for way in WAYS]
    ways = list(WAYS)
    for number, case in enumerate(mutations(good, given.mutations, given.seed)):
        jobs.append((case, ways[number % len(ways)]))
    headers = {"Authorization": f"Bearer {given.token}"} if given.token else {}
    control = next((case for case in good if case.kind == "control"), good[0])
    with (
        httpx2.Client(base_url=given.url, headers=headers, timeout=CLIENT_TIMEOUT_S) as client,
        ThreadPoolExecutor(given.clients) as pool,
    ):
        text = read_control(client, control)
        print(f"control picture: {text[:60]!r}")
        watch = Watch(given.pid)
        ask = partial(judge_and_control, client, control, text, watch)
        verdicts = list(pool.map(ask, jobs))
    print_table(verdicts)
    print(watch.summary())
    bad = [verdict for verdict in verdicts if verdict.faults]
    for verdict in bad:
        print(
            f"{verdict.case.name} [{verdict.case.kind}] {verdict.way}: {'; '.join(verdict.faults)}"
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
