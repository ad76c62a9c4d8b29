"""KServe's Python server in its usual one process, without log lines for each request.

Usage: kserve_app.py --model_name NAME --http_port PORT --grpc_port PORT --enable_latency_logging false
"""

import logging
import uuid

import uvicorn
from engine import Engine
from grpc import aio
from kserve import InferOutput, InferResponse, Model, ModelServer
from kserve.model_server import args

LOOPBACK = "127.0.0.1"


class OnnxModel(Model):
    def __init__(self, name):
        super().__init__(name)
        self.engine = Engine()
        self.ready = True

    async def predict(self, payload, headers=None, response_headers=None):
        rows = self.engine.run({it.name: it.as_numpy() for it in payload.inputs})
        output = InferOutput(self.engine.output, list(rows.shape), "FP32")
        # Over REST as JSON, as the others answer; over gRPC as raw contents, as it was asked.
        output.set_data_from_numpy(rows, binary_data=payload.from_grpc)
        return InferResponse(payload.id or str(uuid.uuid4()), self.name, [output])


def listen_on_loopback():
    """It listens on every address and has no setting for that; a benchmark has no business there."""
    configure, start = uvicorn.Config.__init__, aio.server

    def config(self, app, host=LOOPBACK, **rest):
        configure(self, app, host=LOOPBACK, **rest)

    def server(*positional, **named):
        made = start(*positional, **named)
        add = made.add_insecure_port
        made.add_insecure_port = lambda address: add(f"{LOOPBACK}:{address.rsplit(':', 1)[1]}")
        return made

    uvicorn.Config.__init__ = config
    aio.server = server


if __name__ == "__main__":
    listen_on_loopback()
    logging.disable(logging.INFO)
    ModelServer().start([OnnxModel(args.model_name)])
