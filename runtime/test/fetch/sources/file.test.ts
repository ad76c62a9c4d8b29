import assert from 'node:assert/strict';
import { fileSource } from '../../../src/fetch/sources/file';

describe('fileSource', () => {
  const { signal } = new AbortController();

  it('gives the size and the bytes', async () => {
    const { body, bytes } = await fileSource(new URL(`file://${__filename}`)).open(
      { offset: 0 },
      signal,
    );
    const read = Buffer.concat((await body.toArray()) as Buffer[]);
    assert.equal(read.length, bytes);
    assert.match(read.toString(), /gives the size and the bytes/);
  });

  it('refuses what is not a regular file, which it might read for ever', async () => {
    await assert.rejects(fileSource(new URL('file:///dev/zero')).open({ offset: 0 }, signal), {
      name: 'FetchError',
      message: 'file:///dev/zero: expected a regular file, received something else',
      passing: false,
    });
  });

  it('refuses a host', () => {
    assert.throws(() => fileSource(new URL('file://server/share/model.onnx')), {
      name: 'SourceUriError',
      message: /^expected file:\/\/\/absolute\/path, received "file:\/\/server\/share\/model.onnx"/,
    });
  });
});
