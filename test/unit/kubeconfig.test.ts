import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ApiAddress } from '../bed/api-server';
import { execCredential } from '../bed/exec-credential';
import { readKubeconfig, serverIn, writeKubeconfig } from '../bed/kubeconfig';

describe('a kubeconfig of the test bed', () => {
  const address = (port: number): ApiAddress => ({
    url: `https://127.0.0.1:${port}`,
    authority: Buffer.from('authority'),
    certificate: Buffer.from(`certificate ${port}`),
    key: Buffer.from(`key ${port}`),
  });
  const folder = mkdtempSync(join(tmpdir(), 'manara-kubeconfig-'));
  const file = join(folder, 'kubeconfig');
  const text = (): string => readFileSync(file, 'utf8');

  before(() => {
    writeKubeconfig(file, { dubai: address(1), north: address(2) }, 'north');
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('is read as it was written, by context or by the current one', () => {
    assert.deepEqual(readKubeconfig(text(), 'dubai'), address(1));
    assert.deepEqual(readKubeconfig(text()), address(2));
  });

  it('is for its owner’s eyes', () => {
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('says what it lacks', () => {
    assert.throws(() => readKubeconfig(text(), 'abu-dhabi'), {
      message: 'kubeconfig: no context "abu-dhabi"; there are: dubai, north',
    });
    assert.throws(() => readKubeconfig(text().replaceAll('client-key-data', 'token'), 'dubai'), {
      message: 'kubeconfig: "dubai" has no client-key-data',
    });
    assert.throws(() => readKubeconfig(''), {
      message: 'kubeconfig: no context given, and no current-context',
    });
  });

  it('may name a command, which gives the credential when it is asked for', () => {
    const credential = join(folder, 'credential.json');
    writeFileSync(credential, execCredential(address(3)));
    const withCommand = (...args: readonly string[]): string => {
      const config = parse(text()) as { users: { user: object }[] };
      config.users[0] = { ...config.users[0], user: { exec: { command: 'cat', args } } };
      return stringify(config);
    };
    assert.deepEqual(readKubeconfig(withCommand(credential), 'dubai'), {
      ...address(3),
      url: address(1).url,
    });
    assert.equal(serverIn(withCommand('/nowhere'), 'dubai'), address(1).url);
    assert.throws(() => readKubeconfig(withCommand('/nowhere'), 'dubai'), {
      message: /^kubeconfig: cat \/nowhere: exit code 1: .*No such file/,
    });
  });
});
