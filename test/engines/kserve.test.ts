import assert from 'node:assert/strict';
import { manifestFiles, ModelEndpoint, none, ServingEngine } from '@manara/constructs';
import { Duration } from 'cdk8s';
import { pythonWith } from '../support/python';
import { requirements, runTool } from './python-tools';
import { newSite, versionOf } from './engine-trees';

type Manifest = Readonly<Record<string, unknown>> & { readonly kind?: unknown };

const signature = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 4] }],
} as const;

describe("KServe's documents by its own models", function () {
  this.timeout(180_000);
  const kinds = ['ServingRuntime', 'InferenceService'];
  const bent: readonly [title: string, bend: (manifest: Manifest) => Manifest, says: RegExp][] = [
    [
      'a field that is not there',
      withField('spec.predictor.runtme', 'fraud'),
      /has no field runtme/,
    ],
    [
      'a text for a number',
      withField('spec.predictor.minReplicas', '3'),
      /minReplicas: expected int/,
    ],
    ['a model without its format', withField('spec.predictor.model', {}), /model_format/],
  ];
  let documents: readonly Manifest[];
  let faults: readonly (string | null)[];

  before(async function () {
    this.timeout(0);
    const python = pythonWith(requirements);
    if (python === undefined) return this.skip();
    documents = kserveDocuments().filter(({ kind }) => kinds.includes(String(kind)));
    const service = documents.find(({ kind }) => kind === 'InferenceService') ?? assert.fail();
    const wrong = bent.map(([, bend]) => bend(service));
    faults = (await runTool(python, 'check_kserve.py', [...documents, ...wrong])) as typeof faults;
  });

  for (const [i, kind] of kinds.entries()) {
    it(`${kind} has no other fields, and all that it needs`, () => {
      assert.equal(documents[i]?.kind, kind);
      assert.equal(faults[i], null);
    });
  }

  for (const [i, [title, , says]] of bent.entries()) {
    it(`they refuse ${title}`, () => {
      assert.match(String(faults[kinds.length + i]), says);
    });
  }
});

function kserveDocuments(): readonly Manifest[] {
  const { app, site } = newSite();
  new ModelEndpoint(site.zone, 'fraud', {
    versions: [versionOf('fraud', 1, signature)],
    engine: ServingEngine.kserve(),
    sites: [site],
    standby: none('one site'),
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99.9 },
    traffic: { peakRequestsPerSecond: 100 },
  });
  return manifestFiles(app).flatMap((file) => file.documents);
}

/** Puts a value where a path of keys leads. */
function withField(path: string, value: unknown): (manifest: Manifest) => Manifest {
  const [key = '', ...rest] = path.split('.');
  return (manifest) => ({
    ...manifest,
    [key]: rest.length === 0 ? value : withField(rest.join('.'), value)(manifest[key] as Manifest),
  });
}
