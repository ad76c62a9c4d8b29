import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { kubectl, selector, shell } from '../../src/dossier/shell';
import { newSite, newZone } from '../support/fixtures';

describe('shell', () => {
  it('leaves plain words alone', () => {
    assert.equal(
      shell('kubectl', '-n', 'bank', 'get', 'deployment/fraud', '--timeout=3s'),
      'kubectl -n bank get deployment/fraud --timeout=3s',
    );
  });

  it('quotes what a shell would read more into', () => {
    const words = ['a b', "it's", '$(date)', '`date`', '"', '{"spec":{"minReplicas":3}}', ';', ''];
    const line = shell('printf', '%s\\n', ...words);
    assert.equal(execFileSync('sh', ['-c', line], { encoding: 'utf8' }), `${words.join('\n')}\n`);
  });
});

describe('kubectl', () => {
  it('finds a site by a context of its name, and its own namespace', () => {
    const site = newSite(newZone(), 'dubai', { namespace: 'models' });
    assert.equal(kubectl(site, 'get', 'pods'), 'kubectl --context dubai -n models get pods');
    assert.equal(selector({ a: '1', b: '2' }), 'a=1,b=2');
  });
});
