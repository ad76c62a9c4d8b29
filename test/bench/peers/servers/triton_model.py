"""A model of Triton's Python backend: requests that its dynamic batcher put together, in one run."""

import numpy as np
import triton_python_backend_utils as triton
from engine import Engine


class TritonPythonModel:
    def initialize(self, args):
        self.engine = Engine()

    def execute(self, requests):
        feeds, sizes = {}, []
        for name in self.engine.inputs:
            parts = [triton.get_input_tensor_by_name(it, name).as_numpy() for it in requests]
            sizes = [len(part) for part in parts]
            feeds[name] = parts[0] if len(parts) == 1 else np.concatenate(parts)
        rows = np.split(self.engine.run(feeds), np.cumsum(sizes)[:-1])
        return [
            triton.InferenceResponse([triton.Tensor(self.engine.output, part)]) for part in rows
        ]
