"""A runtime of MLServer's for one ONNX model, as its documentation of custom runtimes has it."""

from engine import Engine
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse


class OnnxRuntime(MLModel):
    async def load(self):
        self.engine = Engine()
        return True

    async def predict(self, payload):
        feeds = {it.name: self.decode(it, default_codec=NumpyCodec) for it in payload.inputs}
        rows = self.engine.run(feeds)
        output = NumpyCodec.encode_output(self.engine.output, rows)
        return InferenceResponse(model_name=self.name, outputs=[output])
