import { join } from 'node:path';
import { freePorts } from '../../../support/free-ports';
import type { BenchModel } from '../bench-model';
import type { Contender } from '../contender';
import { peersFolder } from '../paths';
import { openInference } from '../requests';
import { startPythonPeer } from './python-peer';

/**
 * See `servers/triton_model.py`. An instance, a process, for each core.
 *
 * @param batching whether its dynamic batcher is on, which by default it is not
 */
export function triton(name: string, batching: boolean): Contender {
  return {
    name,
    protocols: ['rest', 'grpc'],
    dialect: openInference,
    async start(model) {
      const [rest = 0, grpc = 0] = await freePorts(2);
      const flags = [
        ...['--http-address', '127.0.0.1', '--http-port', String(rest)],
        ...['--grpc-address', '127.0.0.1', '--grpc-port', String(grpc)],
        ...['--allow-metrics', 'false', '--http-thread-count', '2', '--log-info', 'false'],
      ];
      const settings = { name: model.name, config: configOf(model, batching), flags };
      return startPythonPeer({
        name: 'triton',
        requirements: 'triton',
        model,
        ports: { rest, grpc },
        launch: (python, folder) => ({
          command: python,
          args: [
            join(peersFolder, 'servers', 'triton_launch.py'),
            join(folder, 'triton'),
            JSON.stringify(settings),
          ],
        }),
      });
    },
  };
}

/** The dynamic batcher waits for nobody by default, and neither does ours. */
function configOf({ name, inputs, output, expected }: BenchModel, batching: boolean): string {
  const tensor = (it: { name: string; type: string; dims: readonly number[] }) =>
    `{ name: "${it.name}" data_type: TYPE_${it.type} dims: [ ${it.dims.join(', ')} ] }`;
  const given = inputs.map((it) =>
    tensor({ name: it.name, type: it.datatype, dims: it.shape.slice(1) }),
  );
  return [
    `name: "${name}"`,
    'backend: "python"',
    'max_batch_size: 32',
    `input [ ${given.join(', ')} ]`,
    `output [ ${tensor({ name: output, type: 'FP32', dims: [expected.length] })} ]`,
    ...(batching ? ['dynamic_batching { }'] : []),
    'instance_group [ { count: 2 kind: KIND_CPU } ]',
  ].join('\n');
}
