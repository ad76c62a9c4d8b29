"""What is done to a model, each step from a file to a file."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

# Convolutions are left out: with int8 weights the CPU engine has no dynamic kernel for them.
DYNAMIC_OPS = ["MatMul", "Gemm", "Attention", "LSTM", "EmbedLayerNormalization"]
STATIC_OPS = ["MatMul", "Gemm", "Conv"]
PRUNED_OPS = {"MatMul": 1, "Gemm": 1, "Conv": 1}

# Smaller weights are biases and scales in all but name.
LEAST_PRUNED_ELEMENTS = 256


class StepError(Exception):
    """A step has nothing to do, or cannot be done to this model."""


def session(path, optimized=None, level=None):
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if level is not None:
        options.graph_optimization_level = level
    if optimized is not None:
        options.optimized_model_filepath = str(optimized)
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def graph(source, target):
    """Everything that holds on any machine; what suits one processor alone is the server's, as it loads."""
    session(source, target, ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED)


def prepare(source, target):
    """Shapes and folded constants, without which the quantizer leaves operators as they are."""
    try:
        quant_pre_process(str(source), str(target))
    except Exception:  # The symbolic inference does not know every operator; the rest is still worth having.
        quant_pre_process(str(source), str(target), skip_symbolic_shape=True)


def prune(source, target, fraction):
    """Sets the smallest weights of each matrix to zero. Their share of all its elements is returned."""
    model = onnx.load(str(source))
    weights = {
        node.input[PRUNED_OPS[node.op_type]]
        for node in model.graph.node
        if node.op_type in PRUNED_OPS and len(node.input) > 1
    }
    zeros = total = 0
    for tensor in model.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        if tensor.name not in weights or values.dtype != np.float32 or values.size < LEAST_PRUNED_ELEMENTS:
            continue
        pruned = values.copy()
        count = int(values.size * fraction)
        smallest = np.argsort(np.abs(values), axis=None, kind="stable")[:count]
        pruned.reshape(-1)[smallest] = 0
        tensor.CopyFrom(onnx.numpy_helper.from_array(pruned, tensor.name))
        zeros += int(np.count_nonzero(pruned == 0))
        total += values.size
    if total == 0:
        raise StepError(
            f"--prune: the model has no weights of {', '.join(PRUNED_OPS)} with {LEAST_PRUNED_ELEMENTS} elements or more"
        )
    onnx.save(model, str(target))
    return zeros / total


def quantize(source, target, kind, calibration):
    operators = DYNAMIC_OPS if kind == "dynamic" else STATIC_OPS
    before = counts(source)
    if not any(before.get(name, 0) > 0 for name in operators):
        raise StepError(
            f"--quantize {kind}: the model has none of {', '.join(operators)}, so there is nothing to quantize; "
            f"it has {', '.join(sorted(before))}"
        )
    if kind == "dynamic":
        quantize_dynamic(
            str(source), str(target), op_types_to_quantize=operators, per_channel=True, weight_type=QuantType.QInt8
        )
    else:
        # A scale for each channel needs the attribute "axis", which came with opset 13.
        per_channel = opset(source) >= 13
        quantize_static(
            str(source),
            str(target),
            Requests(calibration),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=operators,
            per_channel=per_channel,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
    if counts(target) == before:
        raise StepError(f"--quantize {kind}: onnxruntime left every operator as it was; no weight is a constant")


def opset(path):
    model = onnx.load(str(path), load_external_data=False)
    return next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))


def counts(path):
    found = {}
    for node in onnx.load(str(path), load_external_data=False).graph.node:
        found[node.op_type] = found.get(node.op_type, 0) + 1
    return found


class Requests(CalibrationDataReader):
    def __init__(self, requests):
        self.left = iter([inputs for inputs, _ in requests])

    def get_next(self):
        return next(self.left, None)


def run_steps(source, target, job, calibration, say):
    """Applies the chosen steps in their order; returns what was done."""
    folder = Path(target).parent
    done = []
    at = Path(source)

    def step(name, function, *rest, **about):
        nonlocal at
        say(name)
        to = folder / f"step-{len(done)}.onnx"
        found = function(at, to, *rest)
        done.append({"step": name, **about, **({} if found is None else {"zeros": found})})
        at = to

    if job["quantize"] != "none":
        step("prepare", prepare)
    if job["prune"] > 0:
        step("prune", prune, job["prune"], fraction=job["prune"])
    if job["quantize"] != "none":
        step("quantize", quantize, job["quantize"], calibration, kind=job["quantize"])
    if job["graph"]:
        step("graph", graph)
    at.replace(target)
    return done
