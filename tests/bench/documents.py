"""Many pages, text layers, formats and the cache: are the goals of documents reached?"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pikepdf
from matplotlib.figure import Figure
from pikepdf import Dictionary, Name

from readstone.engine.base import PictureLimits
from readstone.engine.render.pdf.images import pdf_picture
from tests.bench.pictures import rendered_pictures
from tests.bench.service import Service
from tests.bench.speed import READSTONE
from tests.goals import Row, print_table

A4 = (595, 842)
PAGES = 10
TEXT, BOXES, HOCR = (f"/v2/ocr?format={name}" for name in ("text", "json", "hocr"))
GOAL_TOGETHER, GOAL_LAYER, GOAL_FORMATS, GOAL_CACHE_MS = 0.56, 100.0, 1.03, 5.0
PLOT_PAGES, PLOT_CLIENTS = (1, 2, 4, 8, 16), (1, 2, 4, 8, 16)

Work = Callable[[], object]


def scan(png: bytes, pages: int) -> bytes:
    """Return a PDF whose pages are a picture."""
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=A4)
        stream = pdf_picture(pdf, png, PictureLimits(10**8, 10**5)).stream
        page.Resources = Dictionary(XObject=Dictionary({"/P": pdf.make_indirect(stream)}))
        page.Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /P Do")
    return saved(pdf)


def born_digital(text: str, pages: int) -> bytes:
    """Return a PDF whose pages carry a text."""
    pdf = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    shown = " ".join(f"({line}) Tj T*" for line in text.splitlines())
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=A4)
        page.Resources = Dictionary(Font=Dictionary({"/F": pdf.make_indirect(font)}))
        page.Contents = pdf.make_stream(f"BT /F 11 Tf 16 TL 72 760 Td {shown} ET".encode())
    return saved(pdf)


def saved(pdf: pikepdf.Pdf) -> bytes:
    """Return a PDF as bytes."""
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def fresh(pdf: bytes) -> bytes:
    """Return a PDF that no cache has seen: what follows its end does not count."""
    return pdf + b"\n%" + uuid4().hex.encode()


def seconds(work: Work) -> float:
    """Return how long some work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def by_turns(rounds: int, *works: Work) -> list[float]:
    """Return the median seconds of each work, done by turns."""
    times = [[seconds(work) for work in works] for _ in range(rounds)]
    return [statistics.median(each) for each in zip(*times, strict=True)]


class Bench:
    """Asks one service for the rows of the table and the points of the plots."""

    def __init__(self, service: Service, rounds: int) -> None:
        self._service, self._rounds = service, rounds
        self._picture = rendered_pictures()["A4"]

    def ask(self, data: bytes, route: str = TEXT) -> str:
        """Return the answer to one request."""
        return replace_route(self._service, route).ask(data)[1]

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the table."""
        yield self._together()
        yield self._layer()
        yield self._formats()
        yield self._cached()

    def _together(self) -> Row:
        document = scan(self._picture.data, PAGES)
        one_by_one = [f"{TEXT}&pages={number}" for number in range(1, PAGES + 1)]
        whole, single = by_turns(
            self._rounds,
            lambda: self.ask(fresh(document)),
            lambda: [self.ask(fresh(document), route) for route in one_by_one],
        )
        return Row(
            f"a {PAGES}-page scan as one request: <= {GOAL_TOGETHER:g} x its pages one by one",
            f"{whole / single:.3f} x ({whole:.2f} s against {single:.2f} s)",
            whole <= GOAL_TOGETHER * single,
        )

    def _layer(self) -> Row:
        document = born_digital(self._picture.truth, PAGES)
        read, recognised = by_turns(
            self._rounds,
            lambda: self.ask(fresh(document)),
            lambda: self.ask(fresh(document), f"{TEXT}&text_layer=never"),
        )
        return Row(
            f"born-digital PDF of {PAGES} pages: >= {GOAL_LAYER:g} x faster than OCR of it",
            f"{recognised / read:.0f} x ({1000 * read:.0f} ms against {1000 * recognised:.0f} ms)",
            recognised >= GOAL_LAYER * read,
        )

    def _formats(self) -> Row:
        times = []
        for _ in range(self._rounds):
            ask = partial(self.ask, self._picture.fresh())
            times.append([seconds(partial(ask, route)) for route in (TEXT, BOXES, HOCR)])
        ratio = statistics.median(sum(each) / each[0] for each in times)
        return Row(
            f"text and boxes and hOCR of one page: <= {GOAL_FORMATS:g} x text alone",
            f"{ratio:.3f} x, three requests of which one recognises",
            ratio <= GOAL_FORMATS,
        )

    def _cached(self) -> Row:
        data = self._picture.fresh()
        self.ask(data)
        [again] = by_turns(20, lambda: self.ask(data))
        return Row(
            f"the same file again: <= {GOAL_CACHE_MS:g} ms",
            f"{1000 * again:.1f} ms",
            1000 * again <= GOAL_CACHE_MS,
        )

    def pages(self) -> dict[str, list[float]]:
        """Return the seconds of documents of so many pages."""
        kinds = {
            "scan": lambda n: scan(self._picture.data, n),
            "born-digital": lambda n: born_digital(self._picture.truth, n),
        }
        return {
            name: [by_turns(self._rounds, self._request(make(n)))[0] for n in PLOT_PAGES]
            for name, make in kinds.items()
        }

    def clients(self) -> dict[str, list[float]]:
        """Return the seconds of a page that so many clients ask for at once, the last answer's."""
        return {"A4 page": [self._all_at_once(count) for count in PLOT_CLIENTS]}

    def _request(self, document: bytes) -> Work:
        return lambda: self.ask(fresh(document))

    def _all_at_once(self, count: int) -> float:
        with ThreadPoolExecutor(count) as threads:
            files = [self._picture.fresh() for _ in range(count)]
            return seconds(lambda: list(threads.map(self.ask, files)))


def replace_route(service: Service, route: str) -> Service:
    """Return the same running service, asked another way."""
    other = replace(service, route=route)
    other.port, other.process = service.port, service.process
    return other


def draw(file: Path, across: Iterable[int], curves: dict[str, list[float]], *, what: str) -> None:
    """Draw seconds over work, both by powers of two: a straight line of slope 1 is linear."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    for name, times in curves.items():
        axes.plot(list(across), times, marker="o", label=name)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.set(xlabel=what, ylabel="seconds")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(file)


def main() -> int:
    """Measure, print the table with its command, and draw the plots; 0 if every goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plots", type=Path, help="folder for pages.svg and clients.svg")
    given = parser.parse_args()
    READSTONE.start()
    try:
        bench = Bench(READSTONE, given.rounds)
        failed = print_table("python -m tests.bench.documents", bench.rows())
        if given.plots:
            given.plots.mkdir(parents=True, exist_ok=True)
            draw(given.plots / "pages.svg", PLOT_PAGES, bench.pages(), what="pages")
            draw(given.plots / "clients.svg", PLOT_CLIENTS, bench.clients(), what="clients at once")
    finally:
        READSTONE.stop()
    return failed


if __name__ == "__main__":
    sys.exit(main())
