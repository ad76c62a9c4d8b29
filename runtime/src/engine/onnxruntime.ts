/** The one door to onnxruntime: nothing else of the server may load it. */
import './telemetry-off';

export { env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
