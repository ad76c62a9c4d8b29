"""Sample files: one request of the Open Inference Protocol a line, with or without the expected outputs."""

import json

import numpy as np

DTYPES = {
    "BOOL": np.bool_,
    "UINT8": np.uint8,
    "UINT16": np.uint16,
    "UINT32": np.uint32,
    "UINT64": np.uint64,
    "INT8": np.int8,
    "INT16": np.int16,
    "INT32": np.int32,
    "INT64": np.int64,
    "FP16": np.float16,
    "FP32": np.float32,
    "FP64": np.float64,
    "BYTES": np.object_,
}


class SampleError(Exception):
    """The sample cannot be used; the message names the file and the line."""


def read_sample(path):
    """A list of (inputs, expected outputs), each a dictionary of arrays by name."""
    requests = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip() == "":
                continue
            try:
                request = json.loads(line)
                inputs = tensors(request["inputs"])
                outputs = tensors(request.get("outputs", []))
            except (ValueError, KeyError, TypeError) as error:
                raise SampleError(
                    f'{path}, line {number}: expected a request such as {{"inputs": [{{"name", "datatype", "shape", '
                    f'"data"}}]}}; {type(error).__name__}: {error}'
                ) from error
            requests.append((inputs, outputs))
    if not requests:
        raise SampleError(f"{path}: expected a request a line, received none")
    return requests


def tensors(given):
    return {tensor["name"]: array(tensor) for tensor in given}


def array(tensor):
    dtype = DTYPES.get(tensor["datatype"])
    if dtype is None:
        raise ValueError(f"datatype {tensor['datatype']} is not one of {', '.join(DTYPES)}")
    return np.array(tensor["data"], dtype=dtype).reshape(tensor["shape"])
