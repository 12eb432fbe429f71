"""What most people write first around a classifier: a `def` route, one forward pass a request."""

from fastapi import FastAPI
from onnxruntime import InferenceSession
from pydantic import BaseModel
from tokenizers import Tokenizer

from readstone.engine.nlp.onnx import WEIGHTS
from readstone.engine.nlp.windows import padded

app = FastAPI()
session = InferenceSession(WEIGHTS / "model.onnx")
tokenizer = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))


class Request(BaseModel):
    """A text."""

    text: str


@app.post("/sentiment")
def sentiment(request: Request) -> list[float]:
    """Return the scores of a text."""
    ids, mask = padded([tokenizer.encode(request.text).ids])
    scores: list[float] = session.run(["sentiment"], {"ids": ids, "mask": mask})[0][0].tolist()
    return scores
