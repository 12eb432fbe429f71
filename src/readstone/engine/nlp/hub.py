"""The engine for any text-classification model of the Hugging Face kind, by folder or hub id."""

from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from readstone.engine.nlp.base import Judgement
from readstone.engine.nlp.usage import Usage
from readstone.engine.nlp.windows import OVERLAP, Ids, Scores, WindowedModel
from readstone.errors import EngineFailed, Unavailable

CPU_FACTS = Path("/proc/cpuinfo")
FAST_BF16 = ("avx512_bf16", "amx_bf16")
WINDOW = 256


class TransformersEngine:
    """Judges with a model that is loaded when it is first asked.

    Args:
        model: a folder, or the id of a model that the hub has, or has left in its cache here.
    """

    def __init__(self, model: str, usage: Usage) -> None:
        self.name = Path(model).name
        self._source = model
        self._usage = usage

    def check(self) -> None:
        """Raise Unavailable when transformers and torch are not installed."""
        if not (find_spec("transformers") and find_spec("torch")):
            raise Unavailable(
                f"text.{self._usage.task}: transformers is not installed; "
                "scripts/setup.sh --with transformers installs it"
            )

    def reads(self, language: str) -> bool:
        """Say whether the model can read a language."""
        return self._usage.reads(language)

    def judge(self, texts: Sequence[str]) -> list[Judgement]:
        """Return what the model says of each text; raise EngineFailed if it cannot be loaded."""
        return self._model.judge(texts)

    @cached_property
    def _model(self) -> WindowedModel:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        kind = torch.bfloat16 if has_fast_bf16() else torch.float32
        try:
            tokenizer = AutoTokenizer.from_pretrained(self._source)
            model = AutoModelForSequenceClassification.from_pretrained(self._source, dtype=kind)
        except (OSError, ValueError) as error:
            raise EngineFailed(f"{self.name} cannot be loaded; name another model") from error
        model.eval()
        is_exclusive = model.config.problem_type != "multi_label_classification"

        def forward(ids: Ids, mask: Ids) -> Sequence[Scores]:
            with torch.inference_mode():
                logits = model(torch.from_numpy(ids), torch.from_numpy(mask)).logits.float()
                return [(logits.softmax(-1) if is_exclusive else logits.sigmoid()).numpy()]

        fast = tokenizer.backend_tokenizer
        fast.enable_truncation(min(WINDOW, tokenizer.model_max_length), stride=OVERLAP)
        fast.no_padding()
        labels = [name.lower() for _, name in sorted(model.config.id2label.items())]
        head = self._usage.head(labels)
        return WindowedModel(fast, forward, [head], max_windows=self._usage.max_windows)


def has_fast_bf16() -> bool:
    """Say whether the processor multiplies numbers of 16 bits faster than those of 32."""
    facts = CPU_FACTS.read_text().split() if CPU_FACTS.exists() else []
    return any(flag in facts for flag in FAST_BF16)
