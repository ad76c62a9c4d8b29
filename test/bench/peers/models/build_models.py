"""Writes the benchmark's two models, each with one row of input and the answer to it.

Usage: build_models.py WEIGHTS OUTPUT

WEIGHTS is the folder of all-MiniLM-L6-v2 (model.safetensors). OUTPUT gets, for each model, the model
repository NAME, which holds NAME/1/model.onnx, and NAME.json: the row, and what NumPy computes of it from
the same weights.
"""

import json
import sys
from pathlib import Path

import mlp
import minilm
import numpy as np
import onnxruntime


def engine_answer(file, inputs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(file), options)
    return session.run(None, inputs)[0]


def write(folder, model):
    """Saves a model and its sample; refuses one whose file does not compute what NumPy does."""
    file = folder / model.NAME / model.NAME / "1" / "model.onnx"
    file.parent.mkdir(parents=True, exist_ok=True)
    model.save(file)
    inputs = model.sample()
    expected = model.reference(inputs)
    found = engine_answer(file, inputs)
    if found.shape != expected.shape or not np.allclose(found, expected, atol=1e-4):
        raise SystemExit(f"{model.NAME}: the file computes {found}, NumPy {expected}")
    sample = {
        "inputs": [
            {
                "name": name,
                "datatype": "INT64" if value.dtype == np.int64 else "FP32",
                "shape": list(value.shape),
                "data": value.flatten().tolist(),
            }
            for name, value in inputs.items()
        ],
        "output": model.OUTPUT,
        "expected": expected.flatten().tolist(),
    }
    (folder / f"{model.NAME}.json").write_text(json.dumps(sample))


def main():
    weights, output = (Path(path) for path in sys.argv[1:3])
    write(output, mlp.Mlp())
    write(output, minilm.MiniLm(weights))


main()
