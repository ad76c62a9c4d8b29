import assert from 'node:assert/strict';
import { join } from 'node:path';
import { curlLine } from '../../src/dev/sample-request';
import { loadProgram } from '../../src/load-program';
import { project, repositoryRoot } from '../support/folders';
import { officeProgram } from '../support/programs';

describe('curlLine', () => {
  it('asks a small model something, one of each dimension that varies', () => {
    const { app } = loadProgram(project({ 'main.ts': officeProgram() }));
    const zeros = Array.from({ length: 20 }, () => 0).join(',');
    assert.equal(
      curlLine(app, '127.0.0.1:8000', 'fraud'),
      `curl -s http://127.0.0.1:8000/v2/models/fraud/infer -H 'content-type: application/json' -d '{"inputs":[{"name":"features","datatype":"FP32","shape":[1,20],"data":[${zeros}]}]}'`,
    );
  });

  it('asks for the description of a model whose input is too large to paste', () => {
    const { app } = loadProgram(join(repositoryRoot, 'examples', 'uae-bank'));
    assert.equal(
      curlLine(app, '127.0.0.1:8000', 'document-reader'),
      'curl -s http://127.0.0.1:8000/v2/models/document-reader',
    );
  });

  it('asks for the description of a model whose signature only the server knows', () => {
    const artifact = `sha256: '${'a'.repeat(64)}', sizeBytes: 15509`;
    const { app } = loadProgram(project({ 'main.ts': officeProgram({ artifact }) }));
    assert.equal(curlLine(app, 'host:1', 'fraud'), 'curl -s http://host:1/v2/models/fraud');
  });
});
