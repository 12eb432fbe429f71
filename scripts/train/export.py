"""Makes what ships of a trained network: an ONNX graph with 8-bit weights, and a card.

Usage: export.py --data DIR --network FILE [--to DIR]
"""

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from corpora import MODERATION, SENTIMENT, Example, read_all
from figures import table
from network import WINDOW, Classifier, Scoring, load_tokenizer, windowed
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

from readstone.engine.nlp.base import Judgement, Task
from readstone.engine.nlp.onnx import WEIGHTS, OnnxEngine

NAME = "readstone-text-1"
CARD = Path(__file__).with_name("card.md")
INPUTS, OUTPUTS = ["ids", "mask"], [Task.SENTIMENT, Task.MODERATION]
# On whose texts the threshold of a label is chosen.
JUDGES = {"offensive": {"olid"}, "hate": {"hateval", "davidson"}, "toxic": {"olid", "surge"}}
TEMPERATURES = np.arange(0.4, 2.01, 0.05)
THRESHOLDS = np.arange(0.2, 0.81, 0.01).round(2)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def calibrate(network: Classifier, examples: Sequence[Example]) -> None:
    """Make the scores of both heads neither too sure nor too doubtful, by one factor each."""
    moods, offences = [], []
    for example, judgement in zip(examples, windowed(network).judge(texts(examples)), strict=True):
        scores = scores_of(judgement)
        if example.sentiment is not None:
            moods.append((np.log([scores[name] for name in SENTIMENT]), example.sentiment))
        for name, said in zip(MODERATION, example.moderation, strict=True):
            if said is not None:
                # Two labels, of which one is not to have the label.
                offences.append((np.log([1 - scores[name], scores[name]]), said))
    for head, pairs in ((network.sentiment, moods), (network.moderation, offences)):
        factor = 1 / best_temperature(pairs)
        print(f"{len(pairs)} labels: logits times {factor:.2f}")
        with torch.no_grad():
            head.weight *= factor
            head.bias *= factor


def best_temperature(pairs: Sequence[tuple[Floats, int]]) -> float:
    """Return by what logits are to be divided for the truth to be the least surprising."""
    logs, truths = np.array([logs for logs, _ in pairs]), np.array([truth for _, truth in pairs])

    def surprise(temperature: float) -> float:
        scaled = logs / temperature
        scaled -= np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return -float(scaled[np.arange(len(truths)), truths].mean())

    return float(min(TEMPERATURES, key=surprise))


def write_graph(network: Classifier, path: Path) -> None:
    """Write the graph, with weights of 7 bits: with 8, processors without VNNI overflow."""
    network.encoder.config._attn_implementation = "eager"
    ids = torch.ones(2, 9, dtype=torch.long)
    axes = {name: {0: "texts", 1: "tokens"} for name in INPUTS}
    axes |= {name: {0: "texts"} for name in OUTPUTS}
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        torch.onnx.export(
            Scoring(network),
            (ids, torch.ones_like(ids)),
            plain,
            input_names=INPUTS,
            output_names=OUTPUTS,
            dynamic_axes=axes,
            dynamo=False,
        )
        options = FusionOptions("bert")
        # Fused, these two would be slower than apart: the runtime then fuses less around them.
        options.enable_attention = options.enable_skip_layer_norm = False
        options.enable_gelu_approximation = True
        optimizer.optimize_model(
            str(plain), "bert", optimization_options=options, opt_level=0
        ).save_model_to_file(str(fused))
        quantize_dynamic(
            fused,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )


def write_description(folder: Path, thresholds: Mapping[str, float]) -> None:
    """Write what the engine has to know of the files beside it."""
    names = ("model.onnx", "tokenizer.json")
    description = {
        "name": NAME,
        "languages": ["en"],
        "window": WINDOW,
        "sha256": {name: sha256((folder / name).read_bytes()).hexdigest() for name in names},
        "heads": [
            {"task": Task.SENTIMENT, "labels": SENTIMENT, "thresholds": {}},
            {"task": Task.MODERATION, "labels": MODERATION, "thresholds": thresholds},
        ],
    }
    (folder / "model.json").write_text(json.dumps(description, indent=2) + "\n")


def best_thresholds(engine: OnnxEngine, examples: Sequence[Example]) -> dict[str, float]:
    """Return for each label the score from which flagging it gives the best macro-F1."""
    judgements = engine.judge(texts(examples))
    found = {}
    for column, name in enumerate(MODERATION):
        pairs = [
            (scores_of(judgement)[name], bool(example.moderation[column]))
            for example, judgement in zip(examples, judgements, strict=True)
            if example.corpus in JUDGES[name] and example.moderation[column] is not None
        ]
        scores, truths = np.array([s for s, _ in pairs]), np.array([t for _, t in pairs])
        found[name] = float(max(THRESHOLDS, key=lambda at: macro_f1(truths, scores >= at)))
    return found


def scores_of(judgement: Judgement) -> dict[str, float]:
    """Return all scores of a text by the names of their labels."""
    return {each.name: each.score for labels in judgement.labels.values() for each in labels}


def macro_f1(truths: Flags, answers: Flags) -> float:
    """Return the mean of the F1 of having a label and of not having it."""
    return float(
        np.mean(
            [
                2 * np.sum(t & a) / np.sum(t * 1 + a)
                for t, a in ((truths, answers), (~truths, ~answers))
            ]
        )
    )


def texts(examples: Sequence[Example]) -> list[str]:
    """Return the texts alone."""
    return [each.text for each in examples]


def main() -> None:
    """Export, and say how good what ships is on the texts for testing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--to", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    examples = read_all(options.data)
    tuned, tested = ([e for e in examples if e.part == part] for part in ("tune", "test"))
    network = Classifier()
    network.load_state_dict(torch.load(options.network))
    calibrate(network, tuned)
    options.to.mkdir(exist_ok=True)
    write_graph(network, options.to / "model.onnx")
    load_tokenizer().save(str(options.to / "tokenizer.json"), pretty=False)
    write_description(options.to, dict.fromkeys(MODERATION, 0.5))
    thresholds = best_thresholds(OnnxEngine(options.to, max_windows=10), tuned)
    write_description(options.to, thresholds)
    figures = table(OnnxEngine(options.to, max_windows=10).judge, tested)
    print(f"{thresholds}\nbefore: {table(windowed(network).judge, tested)}\nafter: {figures}")
    card = CARD.read_text().replace("{figures}", figures).replace("{thresholds}", str(thresholds))
    (options.to / "MODEL_CARD.md").write_text(card)


if __name__ == "__main__":
    main()
