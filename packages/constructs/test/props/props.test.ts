import assert from 'node:assert/strict';
import { ResidencyError } from '@manara/residency';
import {
  BackupVault,
  ConstructError,
  ImageRegistry,
  LogSink,
  MetricSink,
  ModelBucket,
  ModelVersion,
  none,
  Peer,
  ServingEngine,
  TraceSink,
} from '../../src';
import {
  anyNumber,
  checkProps,
  either,
  listOf,
  mapOf,
  optional,
  record,
  text,
} from '../../src/props/props';
import { refuses } from '../support/errors';
import { newArtifact, newEndpoint, newSite, newZone, untyped } from '../support/fixtures';

describe('checkProps', () => {
  const kinds = {
    value: record({ list: listOf(optional(text)), map: optional(mapOf(anyNumber)) }),
  };
  const check = (value: unknown) => () => {
    checkProps('Thing', { value }, kinds);
  };

  it('names the path of the value within the props', () => {
    refuses(check({ list: ['a', 7] }), 'MANARA_PROP', '[Thing] value.list.1: expected text');
    refuses(check({ list: [], map: { a: '1' } }), 'MANARA_PROP', 'value.map.a: expected a number');
  });

  it('takes null for something that was meant', () => {
    check({ list: [undefined], map: undefined })();
    refuses(check({ list: [], map: null }), 'MANARA_PROP', 'map: expected an object', 'null');
  });

  it('takes no Map for an object, whose entries it could not see', () => {
    const map = new Map([['a', '1']]);
    refuses(check({ list: [], map }), 'MANARA_PROP', 'map: expected an object', 'a Map');
  });

  for (const [value, words] of [
    [undefined, 'received nothing'],
    [() => 1, 'received a function'],
    [{ a: 1 }, 'received an object'],
    [new Map(), 'received a Map'],
    [Object.create(null), 'received an object'],
    [10n, 'received 10'],
    [['a'], 'received ["a"]'],
    ['x'.repeat(200), `received "${'x'.repeat(76)}…`],
  ] as const) {
    it(`shows what it got in few words: ${words}`, () => {
      refuses(
        () => {
          checkProps(
            'Thing',
            { value: untyped(value) },
            { value: either(anyNumber, listOf(anyNumber)) },
          );
        },
        'MANARA_PROP',
        '[Thing] value: expected a number or a list, each a number',
        words,
      );
    });
  }
});

/** Each of these makes something with one prop replaced. */
const makers: Readonly<Record<string, readonly [readonly string[], (props: never) => unknown]>> = {
  ResidencyZone: [
    ['jurisdiction', 'places', 'data', 'onPremises', 'transfers'],
    (props) => newZone(undefined, props),
  ],
  Site: [
    ['place', 'images', 'logs', 'metrics', 'traces', 'backup', 'namespace', 'dns'],
    (props) => newSite(newZone(), 'dubai', props),
  ],
  ModelEndpoint: [
    [
      ...['versions', 'defaultVersion', 'engine', 'sites', 'standby', 'objective', 'traffic'],
      ...['callers', 'data'],
    ],
    (props) => newEndpoint(newSite(newZone()), props),
  ],
  ModelArtifact: [
    ['bucket', 'key', 'copies', 'file', 'sha256', 'sizeBytes', 'signature'],
    newArtifact,
  ],
  ImageRegistry: [
    ['place', 'prefix'],
    (props: object) =>
      new ImageRegistry({ place: 'azure:uaenorth', prefix: 'registry.bank.example', ...props }),
  ],
  ModelBucket: [
    ['place', 'uri', 'endpoint', 'peer', 'readerAnnotations', 'leadsTo', 'loginSecret'],
    (props: object) => new ModelBucket({ place: 'azure:uaenorth', uri: 'pvc://claim', ...props }),
  ],
  LogSink: [['place', 'uri'], (props) => new LogSink({ ...sink, ...(props as object) })],
  BackupVault: [['place', 'uri'], (props) => new BackupVault({ ...sink, ...(props as object) })],
  MetricSink: [
    ['place', 'uri', 'scrapedBy'],
    (props: object) =>
      new MetricSink({ ...sink, scrapedBy: Peer.namespace('monitoring'), ...props }),
  ],
  TraceSink: [
    ['place', 'uri', 'peer', 'port'],
    (props: object) => new TraceSink({ ...sink, peer: Peer.namespace('tracing'), ...props }),
  ],
  'ServingEngine.onnx': [
    ['imageDigest', 'serviceTimeMicros', 'maxRequestSize', 'requestMemory'],
    (props) => ServingEngine.onnx(props),
  ],
  ModelVersion: [
    ['number', 'artifact'],
    (props: object) => {
      const { number, artifact } = { number: 1, artifact: newArtifact(), ...props };
      return new ModelVersion(number, artifact);
    },
  ],
};
const sink = { place: 'azure:uaenorth', uri: 'https://sink.bank.example' } as const;

describe('props of plain JavaScript', () => {
  const strays = {
    null: null,
    number: -7.5,
    text: '\u0000',
    object: {},
    list: [null],
    function: () => 1,
  };

  for (const [what, [props, make]] of Object.entries(makers)) {
    for (const prop of props) {
      it(`${what}: ${prop} of any other kind is refused by its name`, () => {
        let refused = 0;
        for (const [name, stray] of Object.entries(strays)) {
          try {
            make(untyped({ [prop]: stray }));
          } catch (error) {
            const known = error instanceof ConstructError || error instanceof ResidencyError;
            assert(known, `${name}: ${String(error)}`);
            assert(error.message.includes(prop), error.message);
            refused += 1;
          }
        }
        // An empty object or list may be right, as of annotations.
        assert(refused >= 4, `only ${refused} of 6 were refused`);
      });
    }
  }

  it('a reason that is none is no reason', () => {
    refuses(() => none(untyped(undefined)), 'MANARA_REASON', 'expected why there is none');
  });
});
