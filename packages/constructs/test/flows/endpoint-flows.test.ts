import assert from 'node:assert/strict';
import { type DataFlow, DataClass } from '@manara/residency';
import {
  BackupVault,
  LogSink,
  MetricSink,
  ModelBucket,
  ModelVersion,
  none,
  Peer,
  type SiteProps,
  TraceSink,
} from '../../src';
import { endpointFlows, type EndpointFlowsInput } from '../../src/flows/endpoint-flows';
import { bucket, newArtifact, newSite, newZone, type UaePlace, untyped } from '../support/fixtures';

const place = 'aws:me-central-1';
const sinks: Partial<SiteProps<UaePlace>> = {
  logs: new LogSink({ place, uri: 'https://logs.bank.example' }),
  metrics: new MetricSink({ place, uri: 'file:///prometheus', scrapedBy: Peer.namespace('m') }),
  traces: new TraceSink({
    place,
    uri: 'http://otel.bank.example:4318',
    peer: Peer.addresses('10.30.0.0/28'),
  }),
  backup: new BackupVault({ place: 'azure:uaenorth', uri: 's3://vault' }),
};

function flowsOf(input: Partial<EndpointFlowsInput>): readonly DataFlow[] {
  return endpointFlows({
    owner: 'bank/fraud',
    dataClasses: [DataClass.PERSONAL],
    versions: [new ModelVersion(1, newArtifact())],
    sites: [newSite(newZone())],
    standby: none('one site'),
    ...input,
  });
}

const base = { owner: 'bank/fraud', dataClasses: [DataClass.PERSONAL] };
const here = { name: 'primary site dubai', place };

describe('endpointFlows', () => {
  it('has one of each kind for one version on one site', () => {
    assert.deepEqual(
      flowsOf({}).map((f) => f.kind),
      ['artifact', 'image', 'log', 'metric', 'trace', 'backup', 'standby'],
    );
  });

  it('says at which store of its own a bucket is reached', () => {
    const endpoint = 'https://minio.bank.example:9000';
    const store = new ModelBucket({
      place,
      uri: 's3://models',
      endpoint,
      peer: Peer.addresses('10.30.0.0/24'),
    });
    const [flow] = flowsOf({ versions: [new ModelVersion(1, newArtifact({ bucket: store }))] });
    assert(flow?.status === 'declared');
    assert.equal(flow.from.uri, `${endpoint}/models/fraud/1/model.onnx`);
    assert.equal(flow.encryption, 'tls');
  });

  it('says where the weights come from, and at which addresses', () => {
    const versions = [new ModelVersion(1, newArtifact({ bucket }))];
    assert.deepEqual(flowsOf({ versions })[0], {
      ...base,
      status: 'declared',
      kind: 'artifact',
      from: {
        name: 'model bucket',
        place,
        uri: 's3://bank-models/fraud/1/model.onnx',
        addresses: ['10.20.0.0/24'],
      },
      to: here,
      encryption: 'tls',
    });
  });

  it('has the server’s image, which carries nobody’s data', () => {
    assert.deepEqual(flowsOf({})[1], {
      owner: 'bank/fraud',
      dataClasses: [],
      status: 'declared',
      kind: 'image',
      from: {
        name: 'image registry of primary site dubai',
        place,
        uri: 'https://registry.bank.example/serving',
      },
      to: here,
      encryption: 'unknown',
    });
  });

  it('has each sink with its place, address and encryption', () => {
    const flows = flowsOf({ sites: [newSite(newZone(), 'dubai', sinks)] });
    assert.deepEqual(
      flows.slice(2, 6).map((f) => f.status === 'declared' && [f.kind, f.to, f.encryption]),
      [
        [
          'log',
          {
            name: 'log sink of primary site dubai',
            place,
            uri: 'https://logs.bank.example',
            addresses: [],
          },
          'tls',
        ],
        [
          'metric',
          {
            name: 'metric sink of primary site dubai',
            place,
            uri: 'file:///prometheus',
            addresses: [],
          },
          'local',
        ],
        [
          'trace',
          {
            name: 'trace sink of primary site dubai',
            place,
            uri: 'http://otel.bank.example:4318',
            addresses: ['10.30.0.0/28'],
          },
          'none',
        ],
        [
          'backup',
          {
            name: 'backup sink of primary site dubai',
            place: 'azure:uaenorth',
            uri: 's3://vault',
            addresses: [],
          },
          'tls',
        ],
      ],
    );
  });

  it('keeps the reason of what is absent', () => {
    assert.deepEqual(flowsOf({})[2], {
      ...base,
      status: 'absent',
      kind: 'log',
      at: place,
      reason: 'read on the node',
    });
    assert.deepEqual(flowsOf({}).at(-1), {
      ...base,
      status: 'absent',
      kind: 'standby',
      at: place,
      reason: 'one site',
    });
  });

  it('calls undeclared what a cast left out', () => {
    const left = { logs: untyped(undefined) };
    assert.deepEqual(flowsOf({ sites: [newSite(newZone(), 'dubai', left)] })[2], {
      ...base,
      status: 'undeclared',
      kind: 'log',
      at: place,
      evidence: 'logs of site "bank/dubai" is not given',
      fix: `give the site logs: new LogSink({ place: '${place}', … }), or logs: none('why there is none')`,
    });
    assert.deepEqual(flowsOf({ standby: undefined }).at(-1)?.status, 'undeclared');
  });

  it('takes an absence of a second copy of the package for one', () => {
    const foreign = { reason: 'r', [Symbol.for('@manara/constructs.Absent')]: true };
    assert.equal(flowsOf({ standby: untyped(foreign) }).at(-1)?.status, 'absent');
  });

  it('has each copy of the weights once, however many sites there are', () => {
    const zone = newZone();
    const copy = new ModelBucket({ place: 'azure:uaenorth', uri: 'pvc://models' });
    const flows = flowsOf({
      versions: [new ModelVersion(1, newArtifact({ bucket, copies: [copy] }))],
      sites: [newSite(zone), newSite(zone, 'north', { place: 'azure:uaenorth' })],
    });
    const artifacts = flows.filter((f) => f.kind === 'artifact' && f.status === 'declared');
    assert.deepEqual(
      artifacts.map((f) => f.status === 'declared' && [f.from.uri, f.to.name, f.encryption]),
      [
        ['s3://bank-models/fraud/1/model.onnx', 'model bucket (copy)', 'tls'],
        ['s3://bank-models/fraud/1/model.onnx', 'primary site dubai', 'tls'],
        ['pvc://models/fraud/1/model.onnx', 'primary site north', 'local'],
      ],
    );
  });

  it('follows the standby as it does the primary', () => {
    const zone = newZone();
    const standby = newSite(zone, 'north', { place: 'azure:uaenorth' });
    const flows = flowsOf({ sites: [newSite(zone)], standby });
    assert.equal(flows.length, 6 + 6 + 1);
    assert.deepEqual(flows.at(-1), {
      ...base,
      status: 'declared',
      kind: 'standby',
      from: here,
      to: { name: 'standby site north', place: 'azure:uaenorth' },
      encryption: 'unconnected',
    });
  });
});
