"""all-MiniLM-L6-v2 as ONNX: BERT of 6 layers, 12 heads, 384 wide, and the mean over the tokens that count.

The graph is written by hand, so that neither torch nor transformers is needed. LayerNormalization and
Gelu are of the ai.onnx operators (opsets 17 and 20); onnxruntime's own optimizer fuses the attention.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

LAYERS, HEADS, WIDTH, SEQUENCE = 6, 12, 384, 32
HEAD = WIDTH // HEADS
EPSILON = 1e-12
VOCABULARY = 30522


class Graph:
    """Nodes and weights in the order in which they are added; every method names its result."""

    def __init__(self, weights):
        self.weights, self.nodes, self.initializers, self.names = weights, [], {}, 0

    def node(self, op, *inputs, **attributes):
        self.names += 1
        output = f"{op.lower()}_{self.names}"
        self.nodes.append(helper.make_node(op, list(inputs), [output], name=f"n{self.names}", **attributes))
        return output

    def constant(self, name, value):
        self.initializers[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name):
        return self.constant(name, self.weights[name])

    def linear(self, x, name):
        matrix = self.constant(f"{name}.weight", self.weights[f"{name}.weight"].T)
        return self.node("Add", self.node("MatMul", x, matrix), self.weight(f"{name}.bias"))

    def normalize(self, x, name):
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=EPSILON)

    def heads(self, x, order):
        split = self.node("Reshape", x, self.constant("split", np.array([0, 0, HEADS, HEAD])))
        return self.node("Transpose", split, perm=order)

    def attention(self, x, mask, name):
        query, key, value = (self.linear(x, f"{name}.self.{part}") for part in ("query", "key", "value"))
        scores = self.node("MatMul", self.heads(query, [0, 2, 1, 3]), self.heads(key, [0, 2, 3, 1]))
        scores = self.node("Div", scores, self.constant("scale", np.float32(np.sqrt(HEAD))))
        shares = self.node("Softmax", self.node("Add", scores, mask), axis=-1)
        mixed = self.node("MatMul", shares, self.heads(value, [0, 2, 1, 3]))
        joined = self.node(
            "Reshape",
            self.node("Transpose", mixed, perm=[0, 2, 1, 3]),
            self.constant("join", np.array([0, 0, WIDTH])),
        )
        out = self.linear(joined, f"{name}.output.dense")
        return self.normalize(self.node("Add", out, x), f"{name}.output.LayerNorm")


class MiniLm:
    NAME = "minilm"
    OUTPUT = "embedding"

    def __init__(self, folder):
        self.weights = load_file(folder / "model.safetensors")

    def sample(self):
        """Token numbers as a sentence of 32 tokens has them: [CLS], words, [SEP]."""
        tokens = np.random.default_rng(7).integers(1000, VOCABULARY, (1, SEQUENCE))
        tokens[0, 0], tokens[0, -1] = 101, 102
        return {
            "input_ids": tokens.astype(np.int64),
            "attention_mask": np.ones((1, SEQUENCE), np.int64),
            "token_type_ids": np.zeros((1, SEQUENCE), np.int64),
        }

    def graph(self):
        g = Graph(self.weights)
        position = g.constant("positions", self.weights["embeddings.position_embeddings.weight"])
        length = g.node("Shape", "input_ids", start=1, end=2)
        zero, axis = g.constant("zero", np.array([0])), g.constant("first", np.array([0]))
        x = g.node("Add",
            g.node("Gather", g.weight("embeddings.word_embeddings.weight"), "input_ids"),
            g.node("Gather", g.weight("embeddings.token_type_embeddings.weight"), "token_type_ids"))
        x = g.node("Add", x, g.node("Slice", position, zero, length, axis))
        x = g.normalize(x, "embeddings.LayerNorm")
        counted = g.node("Cast", "attention_mask", to=TensorProto.FLOAT)
        mask = g.node("Unsqueeze", counted, g.constant("head axes", np.array([1, 2])))
        mask = g.node("Sub", g.constant("one", np.float32(1)), mask)
        mask = g.node("Mul", mask, g.constant("minus infinity", np.finfo(np.float32).min))
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}"
            x = g.attention(x, mask, f"{name}.attention")
            inner = g.node("Gelu", g.linear(x, f"{name}.intermediate.dense"))
            inner = g.linear(inner, f"{name}.output.dense")
            x = g.normalize(g.node("Add", inner, x), f"{name}.output.LayerNorm")
        tokens = g.node("Unsqueeze", counted, g.constant("last axis", np.array([2])))
        along = g.constant("sequence axis", np.array([1]))
        total = g.node("ReduceSum", g.node("Mul", x, tokens), along, keepdims=0)
        count = g.node("ReduceSum", tokens, along, keepdims=0)
        g.nodes.append(helper.make_node("Div", [total, count], [self.OUTPUT], name="mean"))
        return g

    def save(self, file):
        g = self.graph()
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
            for name in ("input_ids", "attention_mask", "token_type_ids")
        ]
        output = helper.make_tensor_value_info(self.OUTPUT, TensorProto.FLOAT, ["batch", WIDTH])
        graph = helper.make_graph(g.nodes, self.NAME, inputs, [output], list(g.initializers.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
        onnx.checker.check_model(model)
        onnx.save(model, file)

    def reference(self, inputs):
        w = self.weights

        def linear(x, name):
            return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

        def normalize(x, name):
            centred = x - x.mean(-1, keepdims=True)
            scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON)
            return scaled * w[f"{name}.weight"] + w[f"{name}.bias"]

        def heads(x):
            return x.reshape(*x.shape[:2], HEADS, HEAD).transpose(0, 2, 1, 3)

        ids, counted = inputs["input_ids"], inputs["attention_mask"].astype(np.float64)
        x = w["embeddings.word_embeddings.weight"][ids].astype(np.float64)
        x = x + w["embeddings.token_type_embeddings.weight"][inputs["token_type_ids"]]
        x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = normalize(x, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}"
            own = f"{name}.attention.self"
            query, key, value = (heads(linear(x, f"{own}.{part}")) for part in ("query", "key", "value"))
            scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(HEAD)
            scores = scores + (1 - counted)[:, None, None, :] * np.finfo(np.float32).min
            shares = np.exp(scores - scores.max(-1, keepdims=True))
            mixed = shares / shares.sum(-1, keepdims=True) @ value
            joined = mixed.transpose(0, 2, 1, 3).reshape(x.shape)
            x = normalize(linear(joined, f"{name}.attention.output.dense") + x, f"{name}.attention.output.LayerNorm")
            inner = linear(x, f"{name}.intermediate.dense")
            inner = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
            x = normalize(linear(inner, f"{name}.output.dense") + x, f"{name}.output.LayerNorm")
        weight = counted[:, :, None]
        return ((x * weight).sum(1) / weight.sum(1)).astype(np.float32)


def erf(x):
    """NumPy has none. Abramowitz and Stegun 7.1.26, to 1.5e-7."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return np.sign(x) * (1 - series * np.exp(-x * x))
