import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asServingError, errorCodes, errors, withoutFolders } from '../src/errors';

describe('errors', () => {
  it('uses no code twice', () => {
    assert.equal(new Set(errorCodes).size, errorCodes.length);
    assert.equal(errorCodes.length, Object.keys(errors).length);
  });

  it('documents every code', () => {
    const page = join(__dirname, '..', '..', '..', 'docs', 'server.md');
    const text = readFileSync(page, 'utf8');
    assert.deepEqual(
      errorCodes.filter((code) => !text.includes(`\`${code}\``)),
      [],
    );
  });

  it('keeps what went wrong inside from callers', () => {
    const error = asServingError(new Error('a secret path'));
    assert.equal(error.httpStatus, 500);
    assert.equal(error.grpcStatus, 'INTERNAL');
    assert.doesNotMatch(error.message, /secret/);
  });

  it('cuts long messages, and never through a character', () => {
    const long = errors.modelUnknown('n'.repeat(100_000)).message;
    assert.equal(long.length, 800);
    assert.match(long, /^Model "n{700,}/);
    assert.match(long, / … \(cut; it had 100\d{3} characters\)$/);
    for (const pad of ['', 'n']) {
      const { message } = errors.modelUnknown(pad + '😀'.repeat(1000));
      assert.ok(message.length <= 800);
      assert.doesNotMatch(message, /\p{Surrogate}/u);
    }
    const short = 'n'.repeat(700);
    assert.ok(errors.modelUnknown(short).message.includes(`"${short}"`));
  });

  it("keeps the server's folders from callers", () => {
    const { message } = errors.engineFailed('m', 2, 'No such file: /srv/m/2/w.bin');
    assert.equal(message, 'Model "m" version 2 failed to run: No such file: w.bin');
    assert.equal(errors.loadFailed('m', '/srv/w.bin').message, 'Model "m" did not load: w.bin');
    assert.equal(errors.modelNotReady('m', '/srv/w.bin').message, 'Model "m" is not ready: w.bin');
    for (const [text, shown] of [
      [
        'Load model from /models/m/1/model.onnx failed:Parsing',
        'Load model from model.onnx failed:Parsing',
      ],
      [
        "ENOENT: no such file, open '/srv/m/1/model.onnx'",
        "ENOENT: no such file, open 'model.onnx'",
      ],
      ['cannot get file size [/srv/m/1/w.bin]', 'cannot get file size [w.bin]'],
      ['/onnxruntime_src/core/gather.cc:135 idx=5', 'gather.cc:135 idx=5'],
    ] as const) {
      assert.equal(withoutFolders(text), shown);
    }
  });

  it('leaves names of nodes, numbers and text with a slash as they are', () => {
    for (const text of [
      "running Gather node. Name:'/model/embed/Gather' Status Message: idx=5 must be within [-3,2]",
      'Node (/model/Gather) Op (Gather) [ShapeInferenceError]',
      'a / b, and/or 1/2',
    ]) {
      assert.equal(withoutFolders(text), text);
    }
  });
});
