import { join } from 'node:path';
import { answersOk } from '../../support/answers-ok';
import { Child } from '../../support/child';
import { freePorts } from '../../support/free-ports';

export interface RolloutsControllerProps {
  /** `rollouts-controller`. */
  readonly binary: string;
  readonly folder: string;
  readonly kubeconfig: string;
}

/** The real controller of Argo Rollouts, over every namespace. */
export async function startRolloutsController(props: RolloutsControllerProps): Promise<Child> {
  const { binary, folder, kubeconfig } = props;
  // Its usual ports are those of gateways and servers.
  const [health = 0, metrics = 0] = await freePorts(2);
  const flags = {
    kubeconfig,
    'leader-elect': 'false',
    'istio-api-version': 'v1',
    healthzPort: String(health),
    metricsPort: String(metrics),
  };
  const child = Child.start(
    'rollouts-controller',
    binary,
    Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    { logFile: join(folder, 'rollouts-controller.log') },
  );
  try {
    await child.until(() => answersOk(`http://127.0.0.1:${health}/healthz`), 60_000);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}
