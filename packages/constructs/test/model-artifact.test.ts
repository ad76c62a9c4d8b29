import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ModelBucket } from '../src';
import { refuses } from './support/errors';
import { claim, fraudFile, newArtifact, sha256, untyped } from './support/fixtures';
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
