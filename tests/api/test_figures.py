"""What /metrics says after what was done."""

from pathlib import Path

from starlette.testclient import TestClient

from tests.fakes import Service, as_file, base64_of, picture

XML = Path(__file__).parents[2] / "testdata" / "invoice" / "xml" / "ubl.xml"


def test_metrics_tell_what_was_asked(service: Service) -> None:
    """Calls, requests by route and status, jobs and the pool stand on the page."""
    client = service.client
    client.post("/v1/imagesync", json={"data": base64_of(picture())})
    client.post("/v1/imagesync", json={})
    client.post("/v1/imageasync", json={"data": base64_of(picture())})
    service.finish_jobs()
    client.get("/no/such/place")
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'readstone_method_calls_total{method="imagesync"} 2.0' in lines
    assert 'readstone_method_calls_total{method="imageasync"} 1.0' in lines
    assert (
        'readstone_http_requests_total{method="POST",route="/v1/imagesync",status="422"} 1.0'
        in lines
    )
    assert 'readstone_http_requests_total{method="GET",route="none",status="404"} 1.0' in lines
    assert 'readstone_jobs_total{status="succeeded"} 1.0' in lines
    assert "readstone_workers 2.0" in lines


def test_a_path_makes_no_label(client: TestClient) -> None:
    """Whoever asks for a thousand addresses leaves one line."""
    for number in range(5):
        client.get(f"/v1/imageasync_get/{number}")
        client.get(f"/nothing/{number}")
    routes = {
        line.partition('route="')[2].partition('"')[0]
        for line in client.get("/metrics").text.splitlines()
        if line.startswith("readstone_http_requests_total")
    }
    assert routes == {"/v1/imageasync_get/{jobid}", "none"}


def test_invoices_are_counted_by_type_and_outcome(service: Service) -> None:
    """With how long each took; the number of requests says nothing of the invoices."""
    client = service.client
    client.post("/v2/invoices", content=XML.read_bytes())
    client.post("/v2/invoices", files=as_file(picture()))
    assert client.post("/v2/invoices", files=as_file(b"%PDF-1.7 broken")).status_code == 422
    lines = client.get("/metrics").text.splitlines()
    for labels in (
        'file_type="xml",outcome="read"',
        'file_type="png",outcome="not_an_invoice"',
        'file_type="pdf",outcome="failed"',
    ):
        assert f"readstone_invoice_seconds_count{{{labels}}} 1.0" in lines
