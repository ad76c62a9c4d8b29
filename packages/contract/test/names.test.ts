import assert from 'node:assert/strict';
import {
  container,
  environment,
  exitCodes,
  fetchSchemes,
  flags,
  headers,
  logFields,
  metrics,
  spanAttributes,
  spans,
} from '../src';

/** Names of one kind; two that are the same would hide each other where they are read. */
const vocabularies: Readonly<Record<string, readonly string[]>> = {
  'environment variables': Object.values(environment),
  flags: Object.values(flags),
  headers: Object.values(headers),
  'log fields': Object.values(logFields),
  metrics: Object.values(metrics).map((metric) => metric.name),
  spans: Object.values(spans),
  'span attributes': Object.values(spanAttributes),
};

describe('names', () => {
  for (const [kind, names] of Object.entries(vocabularies)) {
    it(`${kind} are distinct`, () => {
      assert.deepEqual(names, [...new Set(names)]);
    });
  }

  it('environment variables carry the project’s prefix', () => {
    for (const name of Object.values(environment)) assert.match(name, /^MANARA_[A-Z_]+$/);
  });

  it('headers are in lower case, as Node.js gives them', () => {
    for (const name of Object.values(headers)) assert.equal(name, name.toLowerCase());
  });

  it('log fields leave pino’s own alone', () => {
    for (const name of Object.values(logFields)) {
      assert.equal(['level', 'time', 'msg', 'pid', 'hostname'].includes(name), false, name);
    }
  });

  it('metrics are valid for Prometheus, and those of a model carry model and version', () => {
    for (const { name, labels, help } of Object.values(metrics)) {
      assert.match(name, /^(nv_inference|nv_cache|manara|request|process)_[a-z_]+$/);
      assert.notEqual(help, '');
      // A refusal comes before any model is looked at; KServe's own knows no versions.
      if (name === metrics.accessRefused.name || name === metrics.predictSeconds.name) continue;
      if (labels.length > 1) assert.deepEqual(labels.slice(0, 2), ['model', 'version'], name);
    }
  });

  it('exit codes are distinct, and success is 0', () => {
    const codes = Object.values(exitCodes);
    assert.equal(exitCodes.ok, 0);
    assert.equal(new Set(codes).size, codes.length);
  });

  it('fetch schemes are in the form of URL.protocol', () => {
    for (const scheme of fetchSchemes) assert.equal(new URL(`${scheme}//a/b`).protocol, scheme);
  });

  it('the container runs as a user that is not root', () => {
    assert.equal(container.uid, 65532);
  });
});
