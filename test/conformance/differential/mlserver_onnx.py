"""A runtime of MLServer's for ONNX models, as its documentation of custom runtimes has it."""

import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.codecs.numpy import to_datatype
from mlserver.types import InferenceResponse, ResponseOutput


class OnnxRuntime(MLModel):
    async def load(self):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self.session = onnxruntime.InferenceSession(
            self.settings.parameters.uri, options, providers=["CPUExecutionProvider"]
        )
        return True

    async def predict(self, payload):
        feeds = {it.name: self.decode(it, default_codec=NumpyCodec) for it in payload.inputs}
        names = [it.name for it in payload.outputs or self.session.get_outputs()]
        arrays = self.session.run(names, feeds)
        # The codec's own encoding gives a vector a second dimension.
        outputs = [
            ResponseOutput(
                name=name,
                shape=list(array.shape),
                datatype=to_datatype(array.dtype),
                data=array.flatten().tolist(),
            )
            for name, array in zip(names, arrays)
        ]
        return InferenceResponse(model_name=self.name, outputs=outputs)
