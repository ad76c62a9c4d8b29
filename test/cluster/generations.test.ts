import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { configAnnotation } from '@manara/contract';
import { bedBinaries } from '../bed/binaries';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import type { KubernetesDocument } from '../support/documents';
import { synthesizedSites } from '../support/examples';

interface Template {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
}

interface Pod extends KubernetesDocument {
  readonly metadata: KubernetesDocument['metadata'] & {
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

const documents = synthesizedSites().find(({ title }) => title === 'single-node/office')!.documents;
const deployment = documents.find(({ kind }) => kind === 'Deployment')!;
const current = templateOf(deployment).metadata.annotations[configAnnotation]!;
const next = current.replace('"logLevel": "info"', '"logLevel": "debug"');

/** A cluster without nodes: no new pod becomes ready, and each rollout stays in its middle. */
describe('pods of two generations, with the real controllers', function () {
  this.timeout(60_000);
  let plane: ControlPlane;

  before(async function () {
    this.timeout(0);
    const binaries = controlPlaneBinaries();
    const controllers = bedBinaries('kube-controller-manager');
    if (binaries === undefined || controllers === undefined) return this.skip();
    plane = await ControlPlane.start({ ...binaries, ...controllers });
    for (const document of documents) await plane.api.createStrict(document);
  });

  after(async () => {
    await (plane as ControlPlane | undefined)?.stop();
  });

  /** The pods, once there are some with each of these configurations, and no others. */
  const podsWith = async (...texts: readonly string[]): Promise<readonly Pod[]> => {
    for (;;) {
      const pods = await podsOf(plane);
      const found = new Set(pods.map(configOf));
      if (found.size === texts.length && texts.every((text) => found.has(text))) return pods;
      await delay(200);
    }
  };

  it('begin with the configuration of their template', async () => {
    await podsWith(current);
  });

  it('keep theirs, also where one starts again while the next is tried', async () => {
    assert.notEqual(next, current);
    await plane.api.applyStrict(withConfig(next), { force: true });
    const old = (await podsWith(current, next)).filter((pod) => configOf(pod) === current);
    for (const pod of old) {
      const path = `${await plane.api.pathOf(pod)}?gracePeriodSeconds=0`;
      assert.equal((await plane.api.request('DELETE', path)).status, 200);
    }
    const now = (await podsWith(current, next)).map(({ metadata }) => metadata.name);
    for (const { metadata } of old) assert(!now.includes(metadata.name));
  });

  it('take the longest configuration that a tree may have, and none of 256 KiB', async () => {
    const filled = (bytes: number) => withConfig(current.padEnd(bytes));
    await plane.api.applyStrict(filled(240 * 1024), { dryRun: true, force: true });
    await assert.rejects(
      plane.api.applyStrict(filled(256 * 1024), { dryRun: true, force: true }),
      /annotations: Too long: may not be more than 262144 bytes/,
    );
  });
});

function templateOf({ spec }: KubernetesDocument): Template {
  return (spec as { readonly template: Template }).template;
}

/** The Deployment with another configuration. */
function withConfig(text: string): KubernetesDocument {
  const template = templateOf(deployment);
  const metadata = { ...template.metadata, annotations: { [configAnnotation]: text } };
  return {
    ...deployment,
    spec: { ...(deployment.spec as object), template: { ...template, metadata } },
  };
}

function configOf({ metadata }: Pod): string | undefined {
  return metadata.annotations?.[configAnnotation];
}

async function podsOf({ api }: ControlPlane): Promise<readonly Pod[]> {
  const { namespace } = deployment.metadata;
  const kind = { apiVersion: 'v1', kind: 'Pod' };
  const list = { ...kind, metadata: { name: '', namespace: namespace! } };
  const { body } = await api.request('GET', await api.collectionOf(list));
  // A list's items do not say their kind.
  const { items } = body as { readonly items: readonly Pick<Pod, 'metadata'>[] };
  return items.map((item) => ({ ...kind, ...item }));
}
