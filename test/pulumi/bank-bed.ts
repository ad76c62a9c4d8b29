import { join } from 'node:path';
import type { ApiServer } from '../bed/api-server';
import { bedBinaries } from '../bed/binaries';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import { writeKubeconfig } from '../bed/kubeconfig';
import { repositoryRoot } from '../support/paths';
import { Engine, engineBinaries } from './engine';
import { projectFolder } from './project-folder';
import { Stack } from './stack';

/** Contexts of the kubeconfig, and sites of the bank. */
export const sites = ['aws-me-central-1', 'azure-uaenorth'] as const;
export type SiteName = (typeof sites)[number];

/** The role that servers read weights with, which the stack's configuration keeps secret. */
export const secretRole = 'arn:aws:iam::111122223333:role/model-reader';

/** The root's `Pulumi.yaml` and its stack for development, on two clusters. */
export class BankBed {
  private constructor(
    readonly stack: Stack,
    readonly engine: Engine,
    private readonly planes: ReadonlyMap<SiteName, ControlPlane>,
  ) {}

  /** Undefined, with the reason on stderr, where this machine cannot run it. */
  static async start(): Promise<BankBed | undefined> {
    const plane = controlPlaneBinaries();
    const controllers = bedBinaries('kube-controller-manager');
    const engineParts = engineBinaries();
    if (plane === undefined || controllers === undefined || engineParts === undefined) {
      return undefined;
    }
    const planes = new Map<SiteName, ControlPlane>();
    const engine = Engine.create(engineParts);
    try {
      for (const site of sites) {
        planes.set(site, await ControlPlane.start({ ...plane, ...controllers }));
      }
      const kubeconfig = join(engine.folder, 'kubeconfig');
      writeKubeconfig(
        kubeconfig,
        Object.fromEntries([...planes].map(([site, { address }]) => [site, address])),
      );
      const stack = await startBank(engine, kubeconfig);
      return new BankBed(stack, engine, planes);
    } catch (error) {
      await stopAll(planes, engine);
      throw error;
    }
  }

  api(site: SiteName): ApiServer {
    return this.planes.get(site)!.api;
  }

  async stop(): Promise<void> {
    await stopAll(this.planes, this.engine);
  }
}

async function stopAll(planes: ReadonlyMap<string, ControlPlane>, engine: Engine): Promise<void> {
  for (const plane of planes.values()) await plane.stop();
  engine.remove();
}

async function startBank(engine: Engine, kubeconfig: string): Promise<Stack> {
  const name = 'development';
  const folder = projectFolder(engine, repositoryRoot, { stack: name, links: ['examples'] });
  const stack = await Stack.create(
    engine,
    { folder, project: 'manara', name },
    { KUBECONFIG: kubeconfig },
  );
  await stack.command('config', 'set', '--secret', 'modelReaderRole', secretRole);
  return stack;
}
