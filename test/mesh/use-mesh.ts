import type { Suite } from 'mocha';
import { Mesh } from './mesh';
import { meshNeeds } from './needs';

let started: Promise<Mesh | undefined> | undefined;

async function startOnce(): Promise<Mesh | undefined> {
  const needs = meshNeeds();
  return needs && Mesh.start(needs);
}

/**
 * The mesh of this run, which all test files share and the first starts: work in a namespace of your own.
 * Call it in `describe`, and the function that it gives in tests and hooks. Where this machine cannot run
 * a mesh the suite is skipped, with the reason on stderr.
 */
export function useMesh(suite: Suite): () => Mesh {
  let mesh: Mesh | undefined;
  suite.beforeAll('the mesh starts', async function () {
    this.timeout(0);
    mesh = await (started ??= startOnce());
    if (mesh === undefined) this.skip();
  });
  return () => mesh!;
}

// At the root: after every test file.
after('the mesh stops', async function () {
  this.timeout(60_000);
  await (await started?.catch(() => undefined))?.stop();
});
