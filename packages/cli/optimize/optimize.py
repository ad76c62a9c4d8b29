"""Optimizes one ONNX model with onnxruntime's own tools, and measures what came of it.

Reads a job as JSON from standard input and writes the result as JSON to standard output; progress goes
to standard error. Exit code 0 with a result, 3 with {"fault": …} that the caller can show as it is.
"""

import contextlib
import json
import logging
import os
import sys

# onnxruntime reports to its vendor unless told not to, and must be told before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime as ort  # noqa: E402
from measure import MeasureError, accuracy, answers, judged_outputs, speeds  # noqa: E402
from sample import SampleError, read_sample  # noqa: E402
from steps import StepError, run_steps, session  # noqa: E402


def say(what):
    print(f"{what} …", file=sys.stderr, flush=True)


def run(job):
    say("reading the sample")
    requests = read_sample(job["sample"])
    calibration = read_sample(job["calibration"]) if job["calibration"] is not None else None
    before = session(job["source"])
    measure = job["measure"]
    outputs = judged_outputs(before, requests, job["output"], measure)
    original = answers(before, requests, outputs)
    labelled = any(expected for _, expected in requests)
    steps = run_steps(job["source"], job["target"], job, calibration, say)
    say("measuring")
    after = session(job["target"])
    optimized = answers(after, requests, outputs)
    expected = [{k: v for k, v in one.items() if k in outputs} for _, one in requests]
    (micros_before, micros_after), rounds = speeds(before, after, requests, job["seconds"])
    return {
        "steps": steps,
        "outputs": outputs,
        "requests": len(requests),
        # Against what the sample expects, where it says so; otherwise against the original's own answers.
        "reference": "sample" if labelled else "original",
        "before": {
            "accuracy": accuracy(original, expected, measure) if labelled else None,
            "micros": micros_before,
            "bytes": os.path.getsize(job["source"]),
        },
        "after": {
            "accuracy": accuracy(optimized, expected if labelled else original, measure),
            "micros": micros_after,
            "bytes": os.path.getsize(job["target"]),
        },
        "rounds": rounds,
        "tools": {
            "python": ".".join(map(str, sys.version_info[:3])),
            "onnxruntime": ort.__version__,
            "onnx": onnx.__version__,
            "numpy": np.__version__,
        },
    }


def main():
    logging.getLogger().setLevel(logging.ERROR)
    job = json.load(sys.stdin)
    try:
        # Some of the tools print what they do.
        with contextlib.redirect_stdout(sys.stderr):
            result = run(job)
    except (SampleError, StepError, MeasureError) as error:
        print(json.dumps({"fault": str(error)}))
        return 3
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
