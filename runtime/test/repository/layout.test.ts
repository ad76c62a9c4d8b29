import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkRepository } from '../../src/repository/layout';
import { TemporaryRepository } from '../support/temporary';

describe('checkRepository', () => {
  let scratch: TemporaryRepository;
  beforeEach(() => {
    scratch = new TemporaryRepository();
  });
  afterEach(() => {
    scratch.remove();
  });

  const at = (...path: string[]): string => join(scratch.folder, ...path);
  async function refuses(folder: string, meant: string): Promise<void> {
    await assert.rejects(checkRepository(folder), {
      name: 'RepositoryError',
      message: `the model repository ${folder} holds no model (<model>/<version>/model.onnx), but ${meant} does; pass that to --model-repository`,
    });
  }

  it('takes a repository, and an empty folder that may become one', async () => {
    scratch.write('models/fraud/1/model.onnx', '');
    await checkRepository(at('models'));
    mkdirSync(at('empty'));
    await checkRepository(at('empty'));
    scratch.write('unfinished/fraud/notes.txt', '');
    await checkRepository(at('unfinished'));
  });

  it('takes a repository whose model is called like a version', async () => {
    scratch.write('models/2024/1/model.onnx', '');
    await checkRepository(at('models'));
  });

  it('names the repository that a folder lies in', async () => {
    scratch.write('models/fraud/1/model.onnx', '');
    await refuses(at('models', 'fraud'), at('models'));
    await refuses(at('models', 'fraud', '1'), at('models'));
  });

  it('names the repository that lies in a folder', async () => {
    scratch.write('models/fraud/1/model.onnx', '');
    await refuses(at(), at('models'));
  });

  it('refuses what is not a folder', async () => {
    const message = (folder: string): object => ({
      name: 'RepositoryError',
      message: `the model repository ${folder} is not a folder; see --model-repository`,
    });
    await assert.rejects(checkRepository(at('none')), message(at('none')));
    const file = scratch.write('file', '');
    await assert.rejects(checkRepository(file), message(file));
  });
});
