import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpointAlertNames } from '../../src/observability/rules/alert-names';
import { collectorAlerts, residencyAlerts } from '../../src/observability/rules/site-rules';
import { repositoryFolder } from '../support/folders';
import { watchedSite } from './support';

describe('docs/runbooks.md', () => {
  const page = readFileSync(join(repositoryFolder, 'docs/runbooks.md'), 'utf8');
  const sections = new Map(
    page
      .split(/^### /m)
      .slice(1)
      .map((text) => [text.split('\n', 1)[0] ?? '', text.split('\n').slice(1).join('\n').trim()]),
  );

  it('has a section for every alert, and for no other', () => {
    const site = watchedSite();
    const names = [...residencyAlerts(site), ...collectorAlerts(site, 'any')].map(
      ({ name }) => name,
    );
    assert.deepEqual([...sections.keys()].sort(), [...endpointAlertNames, ...names].sort());
    for (const [name, text] of sections) assert(text.length > 40, name);
  });
});
