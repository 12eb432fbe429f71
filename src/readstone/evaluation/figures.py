"""What was measured, as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from readstone.engine.recognise import EngineFacts
from readstone.evaluation.readings import Reading
from readstone.evaluation.summary import Summary


def figures(engine: EngineFacts, rows: Sequence[Summary], readings: Sequence[Reading]) -> str:
    """Return the rows of the table, and the figures of every document, as JSON."""
    content = {
        "engine": {"name": engine.name, "version": engine.version},
        "rows": [asdict(row) for row in rows],
        "documents": [_document(reading) for reading in readings],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _document(reading: Reading) -> dict[str, Any]:
    case, options = reading.case, reading.options
    return {
        "file": str(case.file),
        "kind": case.kind,
        "lang": options.lang,
        "seconds": round(reading.work_s, 4),
        "error": reading.refusal.code if reading.refusal else None,
        "passages": [
            {
                "pages": [page.number for page in passage.pages],
                "sources": sorted({page.source for page in passage.pages}),
                "f1": round(passage.score.f1, 4),
                "cer": round(passage.score.cer, 4),
                "confidence": round(passage.confidence, 4),
                "matches": passage.score.matches,
                "pieces": passage.score.pieces,
                "edits": passage.score.edits,
                "characters": passage.score.characters,
            }
            for passage in reading.passages
        ],
    }
