"""How fast texts are classified: alone, and many at once.

`python -m tests.bench.text` takes three minutes; scripts/setup.sh --with dev,transformers first.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count

from readstone.batching import Batcher
from readstone.classifying import BATCH_CHARACTERS
from readstone.engine.nlp.onnx import OnnxEngine
from tests.bench.service import Client, Service

CALLERS = 32
ROUNDS, ROUND_S = 5, 2.0
# With the two signs that the model adds, and two numbers: 10 and 32 tokens.
SHORT, LONG = 6, 28
SENTENCE = "the food was good and the staff were kind but we had to wait for our table again "
READSTONE = Service(
    name="readstone",
    command=("readstone", "serve", "--port", "{port}"),
    ready="/ready",
    route="/v1/sentiment",
    env={"READSTONE_ENV": "local", "READSTONE_METRICS__REPORTER": "none"},
)
PLAIN = Service(
    name="plain-text",
    command=("uvicorn", "tests.bench.plain_text:app", "--port", "{port}"),
    ready="/openapi.json",
    route="/sentiment",
)


def text(number: int, words: int) -> str:
    """Return a text of so many words, another one for each number."""
    return " ".join([str(number // 1000), str(number % 1000), *(2 * SENTENCE).split()[:words]])


async def rate(batcher: Batcher[str, object], numbers: Iterator[int], words: int) -> float:
    """Return the texts a second of callers who each ask as soon as they have an answer."""
    end, done = time.perf_counter() + ROUND_S, 0

    async def caller() -> None:
        nonlocal done
        while time.perf_counter() < end:
            asked = text(next(numbers), words)
            await batcher.ask(asked, cost=len(asked))
            done += 1

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return done / ROUND_S


async def rates_in_process(engine: OnnxEngine, words: int) -> list[float]:
    """Return the rates with shared batches and with one text at a time, measured by turns."""
    found: list[list[float]] = [[], []]
    numbers = count()
    for _ in range(ROUNDS):
        for cost, rates in zip((BATCH_CHARACTERS, 1), found, strict=True):
            batcher = Batcher[str, object](engine.judge, max_cost=cost, max_waiting=1_000)
            rates.append(await rate(batcher, numbers, words))
    return [statistics.median(rates) for rates in found]


def rate_over_http(service: Service, numbers: Iterator[int], words: int) -> float:
    """Return the requests a second of so many connections, each waiting for its answers."""
    end = time.perf_counter() + ROUND_S

    def caller(client: Client) -> int:
        done = 0
        while time.perf_counter() < end:
            body = json.dumps({"text": text(next(numbers), words)})
            head = f"POST {service.route} HTTP/1.1\r\nHost: localhost\r\n"
            kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            client.ask((head + kind + body).encode())
            done += 1
        return done

    with ExitStack() as stack:
        clients = [stack.enter_context(Client(service.port)) for _ in range(CALLERS)]
        threads = stack.enter_context(ThreadPoolExecutor(CALLERS))
        return sum(threads.map(caller, clients)) / ROUND_S


def rates_over_http(words: int) -> list[float]:
    """Return the rates of Readstone and of the plain service, measured by turns."""
    found: list[list[float]] = [[], []]
    numbers = count()  # through all rounds, since Readstone would know a text that comes again
    with ExitStack() as running:
        for service in (READSTONE, PLAIN):
            service.start()
            running.callback(service.stop)
            rate_over_http(service, numbers, words)  # so that its model is loaded
        for _ in range(ROUNDS):
            for service, rates in zip((READSTONE, PLAIN), found, strict=True):
                rates.append(rate_over_http(service, numbers, words))
    return [statistics.median(rates) for rates in found]


def milliseconds(call: Callable[[], object]) -> float:
    """Return the median time of a call."""
    times = []
    for _ in range(110):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times[10:])


def eager(threads: int) -> Callable[[list[list[int]]], object]:
    """Return a model of the same shape as transformers runs it by default."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.set_num_threads(threads)
    config = BertConfig(
        hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536
    )
    config._attn_implementation = "eager"
    model = BertForSequenceClassification(config).eval()

    @torch.inference_mode()
    def classify(ids: list[list[int]]) -> object:
        return model(torch.tensor(ids)).logits

    return classify


def rows(engine: OnnxEngine) -> Iterator[str]:
    """Yield the rows of the table."""
    ours = milliseconds(lambda: engine.judge([text(0, LONG)]))
    for threads in (1, len(os.sched_getaffinity(0))):
        classify, ids = eager(threads), [[101, *range(2000, 2030), 102]]
        theirs = milliseconds(lambda: classify(ids))  # noqa: B023
        yield (
            f"| one text of 32 tokens: >= 5 x faster than eager transformers on {threads} threads "
            f"| {theirs / ours:.1f} x; {ours:.2f} ms with its tokens, {theirs:.2f} ms without |"
        )
    for words, tokens in ((SHORT, 10), (LONG, 32)):
        together, alone = asyncio.run(rates_in_process(engine, words))
        yield (
            f"| {CALLERS} callers, {tokens} tokens, in one process: >= 2.5 x one forward a request "
            f"| {together / alone:.2f} x; {together:.0f} and {alone:.0f} texts a second |"
        )
        readstone, plain = rates_over_http(words)
        yield (
            f"| the same over HTTP, beside a plain service with one forward a request "
            f"| {readstone / plain:.2f} x; {readstone:.0f} and {plain:.0f} requests a second |"
        )


def main() -> None:
    """Measure, and print the table with its command."""
    print(f"`python -m tests.bench.text`, {time.strftime('%d %B %Y')}, ", end="")
    print(f"{len(os.sched_getaffinity(0))} cores, load average before {os.getloadavg()[0]:.1f}")
    print("\n| goal | measured |\n|---|---|", flush=True)
    for row in rows(OnnxEngine(max_windows=10)):
        print(row, flush=True)


if __name__ == "__main__":
    sys.exit(main())
