"""What the client scripts share: the job that a test hands over, and tensors as hexadecimal bytes.

A job is JSON: {"http": "host:port", "grpc": "host:port", "requests": [{"model", "version",
"inputs": [{"name", "datatype", "shape", "hex"}], "outputs": [name]}]}.
"""

import json
import sys

import numpy as np

DTYPES = {"FP32": np.float32, "INT64": np.int64}


def read_job():
    with open(sys.argv[1], encoding="utf-8") as file:
        return json.load(file)


def to_array(tensor):
    flat = np.frombuffer(bytes.fromhex(tensor["hex"]), dtype=DTYPES[tensor["datatype"]])
    return flat.reshape(tensor["shape"])


def to_tensor(name, array):
    names = {np.dtype(dtype): datatype for datatype, dtype in DTYPES.items()}
    return {
        "name": name,
        "datatype": names[array.dtype],
        "shape": list(array.shape),
        "hex": np.ascontiguousarray(array).tobytes().hex(),
    }


def answer(result):
    json.dump(result, sys.stdout)
