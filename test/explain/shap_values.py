"""What the shap package says of the same rows: for each case its values and how long it took.

Usage: shap_values.py JOB.JSON, a list of cases; prints a list of answers.
"""

import json
import logging
import sys
import time
import warnings

import numpy as np
import onnxruntime
import shap
from shap.utils._legacy import DenseData

warnings.filterwarnings("ignore")
logging.getLogger("shap").setLevel(logging.ERROR)


def model_of(case):
    """The model as a function of rows, on one thread as the server gives each session."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        case["file"], options, providers=["CPUExecutionProvider"]
    )
    name = session.get_inputs()[0].name

    def run(rows):
        (output,) = session.run([case["output"]], {name: np.asarray(rows, dtype=np.float32)})
        return output.reshape(len(rows), -1)[:, case["target"]].astype(np.float64)

    return run


def explainer_of(case, seed):
    """A function from a row to its values."""
    background = np.asarray(case["background"], dtype=np.float32).astype(np.float64)
    groups = case.get("groups") or [[i] for i in range(background.shape[1])]
    names = [str(i) for i in range(len(groups))]
    weights = np.asarray(case.get("weights") or [1] * len(background), dtype=np.float64)
    data = DenseData(background, names, [np.asarray(group) for group in groups], weights)
    explainer = shap.KernelExplainer(model_of(case), data, link=case["link"])

    def values(row):
        np.random.seed(seed)
        return explainer.shap_values(row, nsamples=case["samples"], l1_reg=False, silent=True)

    return values, explainer


def answer(case):
    row = np.asarray(case["x"], dtype=np.float32).astype(np.float64)
    results, seconds = [], []
    for seed in range(case["runs"]):
        values, explainer = explainer_of(case, seed)
        began = time.perf_counter()
        results.append(np.asarray(values(row)).reshape(-1).tolist())
        seconds.append(time.perf_counter() - began)
    return {
        "values": results,
        "base": float(np.ravel(explainer.expected_value)[0]),
        "seconds": sorted(seconds)[len(seconds) // 2],
    }


with open(sys.argv[1], encoding="utf-8") as file:
    json.dump([answer(case) for case in json.load(file)], sys.stdout)
