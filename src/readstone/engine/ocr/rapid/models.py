"""The neural networks of the rapidocr wheel, run by onnxruntime in one thread."""

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from readstone.engine.ocr.rapid.wheel import models_folder

Floats = npt.NDArray[np.float32]

DETECTION, RECOGNITION = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
ONLY_FATAL = 4  # of what onnxruntime writes to standard error


class Network:
    """A network that takes one grey picture at a time."""

    def __init__(self, name: str) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = ONLY_FATAL
        path = str(models_folder() / name)
        self._session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    @property
    def characters(self) -> list[str]:
        """What the outputs for recognition stand for: first the separator, last the blank."""
        listed = self._session.get_modelmeta().custom_metadata_map["character"]
        return ["", *listed.splitlines(), " "]

    def __call__(self, gray: Floats) -> Floats:
        """Return the output for a picture of shape (height, width) with values from -1 to 1."""
        picture = np.ascontiguousarray(np.broadcast_to(gray, (1, 3, *gray.shape)))
        output: Floats = self._session.run(None, {self._input: picture})[0][0]
        return output
