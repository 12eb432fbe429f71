"""The service most people write first: pytesseract in a `def` route, all defaults."""

import pytesseract
from fastapi import FastAPI, UploadFile
from fastapi.responses import PlainTextResponse
from PIL import Image

app = FastAPI()


@app.post("/ocr", response_class=PlainTextResponse)
def ocr(file: UploadFile) -> str:
    """Return the text of the picture."""
    return pytesseract.image_to_string(Image.open(file.file))
