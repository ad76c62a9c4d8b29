import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, listModels, scanModel, versionsByPolicy } from '../../src/repository/scan';
import { TemporaryRepository } from '../support/temporary';

describe('scan', () => {
  let repository: TemporaryRepository;
  beforeEach(() => {
    repository = new TemporaryRepository();
  });
  afterEach(() => {
    repository.remove();
  });

  it('lists model folders, links to them included, and what cannot be one', async () => {
    repository.add('b', 1, '');
    repository.write('.hidden/1/model.onnx', '');
    repository.write('lost+found/x', '');
    repository.write('README', '');
    symlinkSync(join(repository.folder, 'b'), join(repository.folder, 'a'));
    assert.deepEqual(await listModels([repository.folder]), {
      models: ['a', 'b'],
      ignored: ['lost+found'],
    });
  });

  it('takes only numbered folders for versions, as Triton does', async () => {
    for (const folder of ['1', '10', '2', '03', '0', 'latest', '.tmp', '4x']) {
      repository.write(`m/${folder}/model.onnx`, '');
    }
    repository.write('m/7', 'a file, not a folder');
    const scanned = await scanModel([repository.folder], 'm');
    assert.deepEqual(scanned.versions, [1, 2, 10]);
    assert.equal(scanned.fileOf(10), join(repository.folder, 'm', '10', 'model.onnx'));
  });

  it('reads only a config.pbtxt that is a file of a sensible size', async () => {
    repository.add('m', 1, '');
    const scanned = (): Promise<unknown> => scanModel([repository.folder], 'm');
    repository.config('m', '#'.repeat(1024 * 1024));
    await scanned();
    repository.config('m', '#'.repeat(1024 * 1024 + 1));
    await assert.rejects(scanned(), {
      message: 'config.pbtxt cannot be read: it has 1048577 bytes; at most 1048576 are read',
    });
    const pipe = join(repository.folder, 'm', 'config.pbtxt');
    rmSync(pipe);
    execFileSync('mkfifo', [pipe]);
    await assert.rejects(scanned(), { message: 'config.pbtxt cannot be read: it is not a file' });
  });

  it('says that a repository cannot be read', async () => {
    await assert.rejects(listModels([join(repository.folder, 'gone')]), {
      code: 'REPOSITORY_UNREADABLE',
      message: 'The model repository "gone" cannot be read: ENOENT',
    });
  });

  it('chooses versions by the policy', async () => {
    for (const version of [1, 2, 3]) repository.add('m', version, '');
    const chosen = async (policy: string): Promise<readonly number[]> => {
      repository.config('m', policy);
      return versionsByPolicy(await scanModel([repository.folder], 'm'));
    };
    assert.deepEqual(await chosen(''), [3]);
    assert.deepEqual(await chosen('version_policy { latest { num_versions: 2 } }'), [2, 3]);
    assert.deepEqual(await chosen('version_policy { all {} }'), [1, 2, 3]);
    assert.deepEqual(await chosen('version_policy { specific { versions: [3, 1] } }'), [1, 3]);
    await assert.rejects(chosen('version_policy { specific { versions: [9] } }'), {
      message: 'version_policy names version 9, the folder has 1, 2, 3',
    });
  });

  it('refuses a model that is missing, empty or in two repositories', async () => {
    const roots = [repository.folder];
    await assert.rejects(scanModel(roots, 'none'), /the repository has no folder of that name/);
    await assert.rejects(scanModel(roots, '../up'), /a model's name is letters/);
    repository.write('empty/notes.txt', '');
    const empty = await scanModel(roots, 'empty');
    assert.throws(() => versionsByPolicy(empty), /no numbered version folder/);
    const other = new TemporaryRepository();
    other.add('empty', 1, '');
    await assert.rejects(scanModel([...roots, other.folder], 'empty'), /more than one repository/);
    other.remove();
  });

  it('tells a changed file or configuration from the same one', async () => {
    repository.add('m', 1, 'one');
    const print = async (): Promise<string> =>
      fingerprint(await scanModel([repository.folder], 'm'), 1);
    const first = await print();
    assert.equal(await print(), first);
    repository.add('m', 1, 'another');
    const second = await print();
    assert.notEqual(second, first);
    repository.config('m', 'max_batch_size: 1');
    const third = await print();
    assert.notEqual(third, second);
    repository.write('m/1/explain.json', '{}');
    assert.notEqual(await print(), third);
    repository.config('m', 'default_model_filename: "gone.onnx"');
    await assert.rejects(print(), { message: '1/gone.onnx cannot be read: ENOENT' });
  });
});
