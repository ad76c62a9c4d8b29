import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FollowedFiles } from '../../src/access/followed-files';
import { ConfigurationError } from '../../src/start-error';
import { until } from '../support/until';

describe('FollowedFiles', () => {
  let folder: string;
  let followed: FollowedFiles | undefined;
  let taken: string[];
  let news: string[];
  /** Whether what reads `later` can be used by now. */
  let isLater: boolean;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'manara-test-'));
    taken = [];
    news = [];
    isLater = false;
  });
  afterEach(() => {
    followed?.close();
    rmSync(folder, { recursive: true });
  });

  const follow = (paths: readonly string[]): void => {
    const apply = (contents: readonly Buffer[]): void => {
      const text = contents.join('+');
      if (text.includes('broken') || (text === 'later' && !isLater))
        throw new Error(`cannot use ${text}`);
      taken.push(text);
    };
    const told = {
      reloaded: (what: string) => news.push(`${what} taken`),
      refused: (what: string, reason: string) => news.push(`${what}: ${reason}`),
    };
    followed = new FollowedFiles({ what: 'keys', paths, apply }, told, 5);
  };

  it('takes files at once, and anew when one has changed', async () => {
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    writeFileSync(a, '1');
    writeFileSync(b, '2');
    follow([a, b]);
    assert.deepEqual(taken, ['1+2']);
    writeFileSync(b, '3');
    await until(() => taken.length > 1);
    assert.deepEqual(taken, ['1+2', '1+3']);
    assert.deepEqual(news, ['keys taken']);
  });

  it('follows the swap of a symbolic link above a file, as Kubernetes does it', async () => {
    const volume = (name: string, text: string): void => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'tls.crt'), text);
      symlinkSync(name, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    volume('..1', 'old');
    symlinkSync(join('..data', 'tls.crt'), join(folder, 'tls.crt'));
    follow([join(folder, 'tls.crt')]);
    volume('..2', 'new');
    rmSync(join(folder, '..1'), { recursive: true });
    await until(() => taken.length > 1);
    assert.deepEqual(taken, ['old', 'new']);
  });

  it('keeps what it has where the new cannot be used, says so once, and goes on looking', async () => {
    const file = join(folder, 'a');
    writeFileSync(file, '1');
    follow([file]);
    writeFileSync(file, 'broken');
    await until(() => news.length > 0);
    await setTimeout(30);
    assert.deepEqual(news, ['keys: cannot use broken']);
    unlinkSync(file);
    await until(() => news.length > 1);
    assert.match(news[1]!, /^keys: ENOENT/);
    writeFileSync(file, '2');
    await until(() => taken.length > 1);
    assert.deepEqual(taken, ['1', '2']);
  });

  it('takes what could not be used at first, such as a certificate that is not valid yet', async () => {
    const file = join(folder, 'a');
    writeFileSync(file, '1');
    follow([file]);
    writeFileSync(file, 'later');
    await until(() => news.length > 0);
    isLater = true;
    await until(() => taken.length > 1);
    assert.deepEqual(taken, ['1', 'later']);
    assert.deepEqual(news, ['keys: cannot use later', 'keys taken']);
  });

  it('refuses to begin with files that are not there or cannot be used', () => {
    const file = join(folder, 'a');
    assert.throws(
      () => {
        follow([file]);
      },
      (error) =>
        error instanceof ConfigurationError &&
        error.message.startsWith('keys cannot be used: ENOENT'),
    );
    writeFileSync(file, 'broken');
    assert.throws(() => {
      follow([file]);
    }, /^ConfigurationError: keys cannot be used: cannot use broken$/);
  });
});
