"""Arrays of each datatype at the edges of its range, for models `identity_DATATYPE` of shape [2, 3]."""

import numpy as np


def integers(kind):
    least, greatest = np.iinfo(kind).min, np.iinfo(kind).max
    return np.array([[least, greatest, 0], [1, 2, 3]], dtype=kind)


def floats(kind):
    info = np.finfo(kind)
    return np.array([[info.min, info.max, 0.1], [-0.0, 1, info.tiny]], dtype=kind)


ARRAYS = {
    "BOOL": np.array([[True, False, True], [False, False, True]]),
    "UINT8": integers(np.uint8),
    "UINT16": integers(np.uint16),
    "UINT32": integers(np.uint32),
    "UINT64": integers(np.uint64),
    "INT8": integers(np.int8),
    "INT16": integers(np.int16),
    "INT32": integers(np.int32),
    "INT64": integers(np.int64),
    "FP16": floats(np.float16),
    "FP32": floats(np.float32),
    "FP64": floats(np.float64),
    "BYTES": np.array(
        [["héllo".encode(), b"", b"a b"], [b'"quoted"', "\u2603".encode(), b"\n"]], dtype=np.object_
    ),
}

# JSON readers round integers past 2^53; the server refuses them rather than take another number.
JSON_ARRAYS = {
    **ARRAYS,
    "INT64": np.array([[1 - 2**53, 2**53 - 1, 0], [1, 2, 3]], dtype=np.int64),
    "UINT64": np.array([[0, 2**53 - 1, 0], [1, 2, 3]], dtype=np.uint64),
}


def model(datatype):
    return f"identity_{datatype.lower()}"


def compare(sent, received):
    """`same`, or what came back instead."""
    if received is None:
        return "nothing came back"
    if sent.dtype == np.object_:
        back = [it if isinstance(it, bytes) else str(it).encode() for it in received.flatten()]
        same = back == list(sent.flatten())
    else:
        same = sent.dtype == received.dtype and sent.tobytes() == received.tobytes()
    if same and sent.shape == tuple(received.shape):
        return "same"
    return f"{received.dtype} {received.shape} {received.tolist()}"


def attempt(run):
    try:
        return run()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


async def attempt_async(run):
    try:
        return await run()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
