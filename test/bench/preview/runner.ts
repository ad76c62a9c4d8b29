import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ControlPlane, controlPlaneBinaries } from '../../bed/control-plane';
import { writeKubeconfig } from '../../bed/kubeconfig';
import { Engine, engineBinaries } from '../../pulumi/engine';
import { type PreviewCost, previewCost } from '../../pulumi/preview-cost';
import { projectFolder } from '../../pulumi/project-folder';
import { Stack } from '../../pulumi/stack';
import { repositoryRoot } from '../../support/paths';
import type { Settings, Way } from './settings';

/** Previews of an empty stack, by the real engine, against a real API server. */
export class PreviewRunner {
  private constructor(
    private readonly stack: Stack,
    private readonly engine: Engine,
    private readonly plane: ControlPlane,
  ) {}

  /** Undefined, with the reason on stderr, where this machine cannot run it. */
  static async start(): Promise<PreviewRunner | undefined> {
    const planeParts = controlPlaneBinaries();
    const engineParts = engineBinaries();
    if (planeParts === undefined || engineParts === undefined) return undefined;
    const plane = await ControlPlane.start(planeParts);
    const engine = Engine.create(engineParts);
    const kubeconfig = join(engine.folder, 'kubeconfig');
    writeKubeconfig(kubeconfig, { cluster: plane.address }, 'cluster');
    const source = join(repositoryRoot, 'test', 'bench', 'preview');
    const folder = projectFolder(engine, source, { links: ['test'] });
    const identity = { folder, project: 'preview', name: 'dev' };
    const stack = await Stack.create(engine, identity, { KUBECONFIG: kubeconfig });
    return new PreviewRunner(stack, engine, plane);
  }

  preview(way: Way, count: number): Promise<PreviewCost> {
    const env: Settings & Record<string, string> = {
      MANARA_BENCH_WAY: way,
      MANARA_BENCH_ENDPOINTS: String(count),
      MANARA_BENCH_RESOURCES: this.#resources(count),
    };
    return previewCost(this.stack, { env });
  }

  async stop(): Promise<void> {
    await this.plane.stop();
    this.engine.remove();
  }

  /** In a process of its own: of many endpoints Pulumi's mocks would keep gibibytes in this one. */
  #resources(count: number): string {
    const file = join(this.engine.folder, `resources-${count}.json`);
    if (!existsSync(file)) {
      execFileSync(process.execPath, [require.resolve('./record'), String(count), file]);
    }
    return file;
  }
}
