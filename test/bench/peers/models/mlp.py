"""A classifier of 20 numbers into 2 classes, 64 and 32 units deep, with weights from a fixed seed."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTHS = (20, 64, 32, 2)


class Mlp:
    NAME = "mlp"
    OUTPUT = "probabilities"

    def __init__(self):
        random = np.random.default_rng(5)
        self.layers = [
            (
                (random.standard_normal((size, width)) / np.sqrt(size)).astype(np.float32),
                (random.standard_normal(width) / 10).astype(np.float32),
            )
            for size, width in zip(WIDTHS, WIDTHS[1:])
        ]

    def sample(self):
        row = np.random.default_rng(6).standard_normal((1, WIDTHS[0])).round(3)
        return {"features": row.astype(np.float32)}

    def reference(self, inputs):
        x = inputs["features"]
        for i, (weight, bias) in enumerate(self.layers):
            x = x @ weight + bias
            if i < len(self.layers) - 1:
                x = np.maximum(x, 0)
        x = np.exp(x - x.max(axis=1, keepdims=True))
        return x / x.sum(axis=1, keepdims=True)

    def save(self, file):
        nodes, weights, x = [], [], "features"
        for i, (weight, bias) in enumerate(self.layers):
            weights += [numpy_helper.from_array(weight, f"w{i}"), numpy_helper.from_array(bias, f"b{i}")]
            nodes.append(helper.make_node("Gemm", [x, f"w{i}", f"b{i}"], [f"h{i}"]))
            x = f"h{i}"
            if i < len(self.layers) - 1:
                nodes.append(helper.make_node("Relu", [x], [f"r{i}"]))
                x = f"r{i}"
        nodes.append(helper.make_node("Softmax", [x], [self.OUTPUT], axis=1))
        graph = helper.make_graph(
            nodes,
            self.NAME,
            [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["rows", WIDTHS[0]])],
            [helper.make_tensor_value_info(self.OUTPUT, TensorProto.FLOAT, ["rows", WIDTHS[-1]])],
            weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, file)
