"""What is counted is counted exactly, whoever counts at the same time."""

import sys
from collections.abc import Iterator
from threading import Thread

import pytest
from prometheus_client.parser import text_string_to_metric_families

from readstone.metrics import Counter, Metrics, Reading, method_name


@pytest.fixture
def hectic() -> Iterator[None]:
    """Threads take turns as often as they can."""
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual_s)


def samples(metrics: Metrics) -> dict[str, float]:
    """Return what the page says, by name and labels."""
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(metrics.page().decode())
        for sample in family.samples
    }


@pytest.mark.usefixtures("hectic")
def test_no_step_of_eight_threads_is_lost() -> None:
    """A million steps are a million, while somebody keeps reading."""
    counter, readings = Counter(), [0]

    def work() -> None:
        for _ in range(125_000):
            counter.add()

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        readings.append(counter.value)
    assert counter.value == 1_000_000
    assert readings == sorted(readings)


@pytest.mark.parametrize(
    ("method", "route", "name"),
    [
        ("POST", "/v1/imagesync", "imagesync"),
        ("GET", "/v1/imageasync_get/{jobid}", "imageasync_get"),
        ("POST", "/img-echo/", "img-echo"),
        ("POST", "/", "root"),
        ("GET", "/", "page"),
        ("GET", "none", "none"),
    ],
)
def test_a_method_is_the_last_word_of_a_route(method: str, route: str, name: str) -> None:
    """Versions and ids in an address are no part of a method's name."""
    assert method_name(method, route) == name


def test_only_listed_methods_are_counted_as_calls() -> None:
    """Every request is counted by its route, and calls of the methods that were named."""
    metrics = Metrics(["imagesync", "upload"])
    metrics.request_ended("POST", "/v1/imagesync", 200, 0.3)
    metrics.request_ended("POST", "/v1/imagesync", 422, 0.01)
    metrics.request_ended("GET", "/health", 200, 0.001)
    assert metrics.calls() == {"imagesync": 2, "upload": 0}
    page = samples(metrics)
    assert page["readstone_method_calls_total imagesync"] == 2
    assert page["readstone_http_requests_total POST /v1/imagesync 422"] == 1
    assert page["readstone_http_requests_total GET /health 200"] == 1
    assert page["readstone_http_request_seconds_bucket 0.02 POST /v1/imagesync"] == 1
    assert page["readstone_http_request_seconds_count POST /v1/imagesync"] == 2


def test_readings_are_taken_when_somebody_looks() -> None:
    """A gauge and a foreign counter show what they are at that moment."""
    metrics, depth = Metrics([]), [3]
    metrics.watch(
        [
            Reading("pond_depth", "gauge", "Depth.", lambda: depth[0]),
            Reading("pond_frogs", "counter", "Frogs.", lambda: 7),
        ]
    )
    depth[0] = 4
    page = samples(metrics)
    assert (page["pond_depth"], page["pond_frogs_total"]) == (4, 7)
    assert page["process_resident_memory_bytes"] > 0
