import assert from 'node:assert/strict';
import { ports, serverConfigSchema } from '../src';

/** The schema as other tools read it: plain JSON. */
const plain = JSON.parse(JSON.stringify(serverConfigSchema)) as {
  readonly $id: string;
  readonly type: string;
  readonly additionalProperties: boolean;
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, { readonly default?: unknown }>>;
};

describe('the JSON Schema of the configuration', () => {
  it('is an object with a name, and refuses keys that it does not have', () => {
    assert.equal(plain.$id, 'https://manara.dev/schemas/server-config.json');
    assert.equal(plain.type, 'object');
    assert.equal(plain.additionalProperties, false);
  });

  it('requires no key: an empty file is a server with defaults', () => {
    assert.equal(plain.required, undefined);
  });

  it('has the ports of the contract as defaults', () => {
    const { httpPort, grpcPort, metricsPort } = plain.properties;
    assert.deepEqual(
      { http: httpPort?.default, grpc: grpcPort?.default, metrics: metricsPort?.default },
      ports,
    );
  });

  it('listens on this machine only, unless told otherwise', () => {
    assert.equal(plain.properties.host?.default, '127.0.0.1');
  });
});
