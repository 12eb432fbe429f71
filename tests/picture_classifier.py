"""A picture classifier that is small enough to be made by a test: it knows red from grey."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 8
# Of the colours' means, after they were brought from -1 to 1; red is red when nothing else is.
WEIGHTS = np.array([[0, 6], [0, -3], [0, -3]], np.float32)


def write_classifier(folder: Path, **about: object) -> Path:
    """Write a network that tells `plain` from `red`, as optimum exports one; return its folder."""
    nodes = [
        helper.make_node("ReduceMean", ["pixel_values"], ["means"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["means", "weights"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "red",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 2])],
        [numpy_helper.from_array(WEIGHTS, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.checker.check_model(model)
    folder.mkdir()
    onnx.save(model, folder / "model.onnx")
    config = {"id2label": {"0": "plain", "1": "red"}} | about
    (folder / "config.json").write_text(json.dumps(config))
    half = [0.5, 0.5, 0.5]
    expected = {"size": {"height": SIDE, "width": SIDE}, "image_mean": half, "image_std": half}
    (folder / "preprocessor_config.json").write_text(json.dumps(expected))
    return folder
