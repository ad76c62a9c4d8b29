"""As node-raw.ts: onnxruntime alone, one thread, as fast as one process can call it."""

import json
import resource
import sys
import time

import numpy as np
import onnxruntime

job = json.loads(sys.argv[1])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
options.log_severity_level = 3
session = onnxruntime.InferenceSession(job["file"], options, providers=["CPUExecutionProvider"])
kinds = {"FP32": np.float32, "INT64": np.int64}
with open(job["sample"], encoding="utf8") as file:
    feeds = {
        it["name"]: np.repeat(np.array(it["data"], kinds[it["datatype"]]).reshape(it["shape"]), job["batch"], 0)
        for it in json.load(file)["inputs"]
    }
for _ in range(5):
    session.run(None, feeds)
print("ready", flush=True)
sys.stdin.readline()


def cpu_micros():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e6


cpu, start, runs = cpu_micros(), time.perf_counter(), 0
while time.perf_counter() - start < job["seconds"]:
    session.run(None, feeds)
    runs += 1
seconds = time.perf_counter() - start
print(json.dumps({"rows": runs * job["batch"], "seconds": seconds, "cpuMicros": cpu_micros() - cpu}))
