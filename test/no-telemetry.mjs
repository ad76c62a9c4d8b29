// Suites that load onnxruntime-node themselves do it in processes that start with this: by default
// it reports to its vendor. Not compiled, so that mocha can load it from any workspace.
import { engineEnvironment } from '@manara/contract';

Object.assign(process.env, engineEnvironment);
