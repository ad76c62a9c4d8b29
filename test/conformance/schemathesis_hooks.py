"""What a valid request needs beyond the schema, said to the fuzzer.

JSON Schema cannot say that data has as many elements as the shape says, nor that a header goes with
one of two forms of a body. Requests that are to be refused are left as they were made.
"""

import json
import math
import struct

import schemathesis
from schemathesis import GenerationMode

LENGTH = "inference-header-content-length"
BYTES = {
    "BOOL": 1, "UINT8": 1, "INT8": 1, "UINT16": 2, "INT16": 2, "FP16": 2, "UINT32": 4,
    "INT32": 4, "FP32": 4, "UINT64": 8, "INT64": 8, "FP64": 8,
}  # fmt: skip
GREATEST_OPEN_SIZE = 4


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Answers with sizes that vary are checked without their sizes.

    Schemathesis 4.32.5 turns `prefixItems` of an answer's schema into the `items` array of older
    drafts and then finds that invalid. `served-document.test.ts` checks the same answers with Ajv.
    """
    for name, schema in raw_schema["components"]["schemas"].items():
        if name.endswith(".InferResponse"):
            drop_prefix_items(schema)


def drop_prefix_items(node):
    if isinstance(node, dict):
        node.pop("prefixItems", None)
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
        drop_prefix_items(child)


@schemathesis.hook
def before_call(context, case, kwargs):
    if not case.operation.path.endswith("/infer"):
        return
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    headers = case.headers or {}
    if case.media_type == "application/octet-stream":
        head, tensors = frame(case)
        headers[LENGTH] = str(len(head))
        case.body = head + tensors
    else:
        headers.pop(LENGTH, None)
        fit(case.body["inputs"], dimensions(case))
    case.headers = headers


def request_schema(case):
    content = case.operation.definition.raw["requestBody"]["content"]["application/json"]
    name = content["schema"]["$ref"].rpartition("/")[2]
    return case.operation.schema.raw_schema["components"]["schemas"][name]


def input_schemas(case):
    items = request_schema(case)["properties"]["inputs"]["items"]
    return [one["properties"] for one in items.get("anyOf", [items])]


def dimensions(case):
    """Per input, the sizes of its schema; None where one varies."""
    return {one["name"]["const"]: sizes(one["shape"]) for one in input_schemas(case)}


def sizes(shape):
    if "const" in shape:
        return shape["const"]
    return [size.get("const") for size in shape["prefixItems"]]


def fit(inputs, dims):
    """Gives each input as many elements as its shape says, the shapes being the same where they vary."""
    varying = None
    for item in inputs:
        shape = item["shape"]
        for i, size in enumerate(dims[item["name"]]):
            if size is None:
                varying = varying or (int(shape[i]) - 1) % GREATEST_OPEN_SIZE + 1
                shape[i] = varying
        if varying is None:
            continue
        flat = flatten(item["data"])
        count = math.prod(int(size) for size in shape)
        item["data"] = (flat * (count // len(flat) + 1))[:count]


def flatten(data):
    while data and isinstance(data[0], list):
        data = [value for row in data for value in row]
    return data


def frame(case):
    """A request in the binary form, made of what the schema says of the model."""
    inputs, tensors = [], b""
    for one in input_schemas(case):
        shape = [1 if size is None else size for size in sizes(one["shape"])]
        datatype, count = one["datatype"]["const"], math.prod(shape)
        if datatype == "BYTES":
            data = b"".join(struct.pack("<I", 2) + b"\xc3\xa9" for _ in range(count))
        else:
            data = b"\x01" * (count * BYTES[datatype])
        inputs.append(
            {
                "name": one["name"]["const"],
                "datatype": datatype,
                "shape": shape,
                "parameters": {"binary_data_size": len(data)},
            }
        )
        tensors += data
    body = {"inputs": inputs, "parameters": {"binary_data_output": True}}
    return json.dumps(body).encode(), tensors


@schemathesis.deserializer("application/octet-stream")
def read_binary_answer(context, response):
    """The JSON part of an answer in the binary form; its schema is the JSON answer's."""
    length = int(response.headers[LENGTH][0])
    return json.loads(response.content[:length])
