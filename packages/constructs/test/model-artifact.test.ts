import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Duration } from 'cdk8s';
import { ModelBucket, Peer } from '../src';
import { refuses } from './support/errors';
import {
  bucket,
  claim,
  fraudFile,
  newArtifact,
  sha256,
  type UaePlace,
  untyped,
} from './support/fixtures';
import { onnxBytes, tensor } from './support/onnx';

const unknown = { sha256: untyped(undefined), sizeBytes: untyped(undefined) };

describe('ModelArtifact', () => {
  it('reads digest, size and signature from the local file', () => {
    const file = fraudFile(1);
    const artifact = newArtifact({ ...unknown, file });
    assert.equal(artifact.sha256, createHash('sha256').update(readFileSync(file)).digest('hex'));
    assert.equal(artifact.sizeBytes, statSync(file).size);
    assert.equal(artifact.file, file);
    assert.equal(artifact.format, 'onnx');
    assert.deepEqual(
      artifact.signature?.inputs.map((i) => i.datatype),
      ['FP32'],
    );
  });

  it('finds the file from the working directory', () => {
    const file = relative(process.cwd(), fraudFile(1));
    assert.equal(newArtifact({ ...unknown, file }).file, fraudFile(1));
  });

  it('needs no file where digest and size are given', () => {
    const artifact = newArtifact({ sha256, sizeBytes: 1000 });
    assert.equal(artifact.file, undefined);
    assert.equal(artifact.signature, undefined);
    assert.equal(artifact.sizeBytes, 1000);
  });

  it('takes a signature that is given over the file’s', () => {
    const signature = { inputs: [], outputs: [] };
    assert.equal(newArtifact({ ...unknown, file: fraudFile(1), signature }).signature, signature);
  });

  it('needs a digest where there is no file', () => {
    refuses(() => newArtifact({ sha256: unknown.sha256 }), 'MANARA_DIGEST', 'sha256', 'neither');
  });

  it('needs a size where there is no file', () => {
    refuses(
      () => newArtifact({ sizeBytes: unknown.sizeBytes }),
      'MANARA_MODEL_FILE',
      'sizeBytes',
      'received neither',
    );
  });

  for (const sizeBytes of [0, -1, 1.5, NaN]) {
    it(`refuses the size ${sizeBytes}`, () => {
      refuses(() => newArtifact({ sizeBytes }), 'MANARA_MODEL_FILE', `received ${sizeBytes}`);
    });
  }

  for (const given of ['A'.repeat(64), 'a'.repeat(63), `sha256:${sha256}`, '']) {
    it(`refuses the digest "${given}"`, () => {
      refuses(() => newArtifact({ sha256: given }), 'MANARA_DIGEST', `received "${given}"`, '64');
    });
  }

  it('refuses a digest that is not the file’s, naming both', () => {
    const file = fraudFile(1);
    const { sha256: actual } = newArtifact({ ...unknown, file });
    refuses(
      () => newArtifact({ ...unknown, sha256, file }),
      'MANARA_DIGEST',
      `expected ${sha256}`,
      `"${file}" has ${actual}; name the file that is published, or leave sha256 out`,
    );
  });

  it('refuses a size that is not the file’s, naming both', () => {
    const file = fraudFile(1);
    refuses(
      () => newArtifact({ ...unknown, sizeBytes: 17, file }),
      'MANARA_MODEL_FILE',
      'expected 17',
      `${file} has ${statSync(file).size}`,
    );
  });

  for (const [file, found] of [
    ['no/such/model.onnx', 'found none'],
    ['.', 'found a folder'],
    ['/dev/null', 'found no regular file'],
  ] as const) {
    it(`refuses the file "${file}": ${found}`, () => {
      refuses(() => newArtifact({ ...unknown, file }), 'MANARA_MODEL_FILE', 'file:', found);
    });
  }

  it('tells a pointer of Git LFS from a file that is no model', () => {
    const folder = mkdtempSync(join(tmpdir(), 'manara-artifact-'));
    try {
      const file = join(folder, 'model.onnx');
      writeFileSync(file, 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n');
      refuses(() => newArtifact({ ...unknown, file }), 'MANARA_MODEL_FILE', file, 'git lfs pull');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses a file that is no model', () => {
    refuses(
      () => newArtifact({ ...unknown, file: __filename }),
      'MANARA_MODEL_FILE',
      __filename,
      'expected an ONNX model',
    );
  });

  for (const key of ['', '/a', 'a/', 'a//b', '../a', 'a/../b', 'a b', 'a?b', 's3://b/a']) {
    it(`refuses the key "${key}"`, () => {
      refuses(() => newArtifact({ key }), 'MANARA_URI', `received "${key}"`, 'fraud/1/model.onnx');
    });
  }

  it('refuses to be in no bucket', () => {
    refuses(
      () => newArtifact({ bucket: untyped(undefined) }),
      'MANARA_PROP',
      'bucket: expected a ModelBucket',
    );
  });

  it('reads a file again when it has changed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'manara-artifact-'));
    try {
      const file = join(folder, 'model.onnx');
      const digests = ['x', 'y'].map((name, i) => {
        writeFileSync(file, onnxBytes({ output: [tensor(name, 1, [1])] }));
        utimesSync(file, i, i);
        return newArtifact({ ...unknown, file }).sha256;
      });
      assert.notEqual(digests[0], digests[1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('ModelArtifact of safetensors', () => {
  const folder = { key: 'assistant/1', format: 'safetensors' } as const;

  it('is a folder on a claim, known by the digest of its list of digests', () => {
    const { format, key, signature } = newArtifact(folder);
    assert.deepEqual([format, key, signature], ['safetensors', 'assistant/1', undefined]);
    assert.equal(newArtifact().format, 'onnx');
  });

  it('is refused in a bucket, in a copy that a job keeps, and beside what belongs to ONNX', () => {
    refuses(
      () => newArtifact({ ...folder, bucket }),
      'MANARA_URI',
      'expected claims',
      's3://bank-models',
    );
    const copy = new ModelBucket({
      place: 'azure:uaenorth',
      uri: 'pvc://copies',
      copy: { from: bucket, every: Duration.hours(1) },
    });
    refuses(() => newArtifact({ ...folder, copies: [copy] }), 'MANARA_URI', 'copy of a folder');
    refuses(
      () => newArtifact({ ...folder, signature: { inputs: [], outputs: [] } }),
      'MANARA_MODEL_FILE',
      'signature: belongs to an ONNX model',
    );
    refuses(
      () => newArtifact({ ...folder, format: untyped('gguf') }),
      'MANARA_PROP',
      "'onnx' or 'safetensors'",
      'received "gguf"',
    );
  });
});

describe('ModelArtifact.bucketFor', () => {
  const north = new ModelBucket({ place: 'azure:uaenorth', uri: 'pvc://models' });
  const artifact = newArtifact({ copies: [north] });

  it('is the copy in the site’s own place', () => {
    assert.equal(artifact.bucketFor('azure:uaenorth'), north);
    assert.equal(artifact.bucketFor('aws:me-central-1'), claim);
    assert.deepEqual(artifact.buckets, [claim, north]);
  });

  it('is the original where no copy is near', () => {
    assert.equal(artifact.bucketFor('onprem:branch'), claim);
  });
});

describe('ModelArtifact.explanation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manara-explanation-'));
  const file = join(folder, 'explain.json');
  const text = '{"method":"occlusion","window":[3]}';
  const digest = createHash('sha256').update(text).digest('hex');
  before(() => {
    writeFileSync(file, text);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('has it beside the weights, by the digest of the local file', () => {
    assert.deepEqual(newArtifact({ explanation: { file } }).explanation, {
      key: 'fraud/1/explain.json',
      sha256: digest,
      file,
    });
  });

  it('needs no file where the digest is given, and takes another key', () => {
    const explanation = { key: 'told/fraud.json', sha256 };
    const published = newArtifact({ explanation }).explanation;
    assert.deepEqual(published, { ...explanation, file: undefined });
  });

  it('has none unless it is given', () => {
    assert.equal(newArtifact().explanation, undefined);
  });

  it('refuses a digest that is missing, malformed, or of another file', () => {
    refuses(() => newArtifact({ explanation: {} }), 'MANARA_DIGEST', 'received neither');
    const cut = { sha256: 'c8b8fa5b' };
    refuses(() => newArtifact({ explanation: cut }), 'MANARA_DIGEST', 'received "c8b8fa5b"');
    const other = { file, sha256 };
    refuses(() => newArtifact({ explanation: other }), 'MANARA_DIGEST', `has ${digest}`);
  });

  it('refuses a file that is none, and one that no server would take', () => {
    const missing = { file: join(folder, 'none.json') };
    refuses(() => newArtifact({ explanation: missing }), 'MANARA_MODEL_FILE', 'ENOENT');
    const wrong = join(folder, 'wrong.json');
    writeFileSync(wrong, '{"method":"lime"}');
    refuses(
      () => newArtifact({ explanation: { file: wrong } }),
      'MANARA_MODEL_FILE',
      `explanation.file: expected an explain.json at "${wrong}", found: method: expected one of`,
    );
  });

  it('refuses a key that the bucket cannot have, and one that no copy has', () => {
    const climbing = { key: '../explain.json', sha256 };
    refuses(() => newArtifact({ explanation: climbing }), 'MANARA_URI', 'explanation.key');
    const registry = new ModelBucket({
      place: 'aws:me-central-1',
      uri: 'oci://registry.bank.example/models',
      peer: Peer.addresses('10.20.0.0/24'),
    });
    const props = { bucket: registry, key: 'fraud:1' };
    refuses(
      () => newArtifact({ ...props, explanation: { sha256 } }),
      'MANARA_URI',
      'explanation.key: expected an artifact such as fraud:1',
    );
    const named = { key: 'fraud-explain:1', sha256 };
    assert.equal(newArtifact({ ...props, explanation: named }).explanation?.key, named.key);
    const copies = [
      new ModelBucket<UaePlace>({
        place: 'azure:uaenorth',
        uri: 'pvc://north',
        copy: { from: bucket, every: Duration.minutes(10) },
      }),
    ];
    refuses(
      () => newArtifact({ bucket, copies, explanation: { key: 'told/fraud.json', sha256 } }),
      'MANARA_URI',
      'explanation.key: copies have it beside the weights, "fraud/1/explain.json"; received "told/fraud.json"',
    );
  });
});
