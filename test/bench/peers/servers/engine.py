"""What every Python peer computes: the model in a session of one thread, on rows put together."""

import os

import numpy as np
import onnxruntime

TYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64}


class Engine:
    def __init__(self):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(os.environ.get("PEER_THREADS", "1"))
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            os.environ["PEER_MODEL"], options, providers=["CPUExecutionProvider"]
        )
        self.inputs = {it.name: TYPES[it.type] for it in self.session.get_inputs()}
        self.output = self.session.get_outputs()[0].name

    def run(self, feeds):
        """An array of shape [rows, …], for feeds of the same number of rows."""
        return self.session.run(None, feeds)[0]

    def run_rows(self, rows):
        """As `run`, for a list of rows, each a dictionary of flat lists."""
        return self.run(
            {name: np.array([row[name] for row in rows], kind) for name, kind in self.inputs.items()}
        )
