"""The smallest service around kreuzberg, to be run where that is installed."""

from fastapi import FastAPI, UploadFile
from fastapi.responses import PlainTextResponse
from kreuzberg import ExtractionConfig, OcrConfig, extract_bytes_sync

app = FastAPI()
config = ExtractionConfig(
    force_ocr=True, use_cache=False, ocr=OcrConfig(backend="tesseract", language="eng")
)


@app.post("/ocr", response_class=PlainTextResponse)
def ocr(file: UploadFile) -> str:
    """Return the text of the picture."""
    return extract_bytes_sync(file.file.read(), file.content_type, config).content
