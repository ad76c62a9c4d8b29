import type { ApiServer } from '../bed/api-server';
import { bedBinaries } from '../bed/binaries';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import { nameOf } from '../support/documents';
import { developmentStack, productionStack, type SiteName, sites } from './bank-stacks';
import { Engine, engineBinaries } from './engine';
import { everything } from './inventory';
import type { Stack } from './stack';

const stacks = { development: developmentStack, production: productionStack } as const;

/** A stack of the root's `Pulumi.yaml`, on two clusters. */
export class BankBed {
  private constructor(
    readonly stack: Stack,
    readonly engine: Engine,
    private readonly planes: ReadonlyMap<SiteName, ControlPlane>,
  ) {}

  /** Undefined, with the reason on stderr, where this machine cannot run it. */
  static async start(name: keyof typeof stacks = 'development'): Promise<BankBed | undefined> {
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
      const stack = await stacks[name](engine, {
        'aws-me-central-1': planes.get('aws-me-central-1')!.address,
        'azure-uaenorth': planes.get('azure-uaenorth')!.address,
      });
      return new BankBed(stack, engine, planes);
    } catch (error) {
      await stopAll(planes, engine);
      throw error;
    }
  }

  api(site: SiteName): ApiServer {
    return this.planes.get(site)!.api;
  }

  /** Names of all objects of each cluster, sorted. */
  async names(): Promise<ReadonlyMap<SiteName, readonly string[]>> {
    const found = new Map<SiteName, readonly string[]>();
    for (const site of sites) {
      found.set(site, (await everything(this.api(site))).map(nameOf).sort());
    }
    return found;
  }

  async stop(): Promise<void> {
    await stopAll(this.planes, this.engine);
  }
}

async function stopAll(planes: ReadonlyMap<string, ControlPlane>, engine: Engine): Promise<void> {
  for (const plane of planes.values()) await plane.stop();
  engine.remove();
}
