import assert from 'node:assert/strict';
import { metricsRoute, path, routes } from '../src';

describe('path', () => {
  it('is the pattern where it has no parameters', () => {
    assert.equal(path(routes.serverReady), '/v2/health/ready');
    assert.equal(path(metricsRoute), '/metrics');
  });

  it('fills parameters in, numbers as well as text', () => {
    assert.equal(path(routes.modelInfer, { model: 'fraud' }), '/v2/models/fraud/infer');
    assert.equal(
      path(routes.modelVersionInfer, { model: 'fraud', version: 2 }),
      '/v2/models/fraud/versions/2/infer',
    );
    assert.equal(
      path(routes.repositoryModelLoad, { model: 'fraud' }),
      '/v2/repository/models/fraud/load',
    );
  });

  it('percent-encodes what would break out of its segment', () => {
    assert.equal(
      path(routes.modelReady, { model: 'a/b?c d%' }),
      '/v2/models/a%2Fb%3Fc%20d%25/ready',
    );
  });

  it('does not compile with a parameter too few or too many', () => {
    // @ts-expect-error the version is missing
    const missing = path(routes.modelVersionReady, { model: 'fraud' });
    // @ts-expect-error the pattern has no parameters
    const surplus = path(routes.serverLive, { model: 'fraud' });
    assert.equal(missing, '/v2/models/fraud/versions/undefined/ready');
    assert.equal(surplus, '/v2/health/live');
  });
});

describe('the routes', () => {
  const all = Object.entries(routes);

  it('are distinct', () => {
    const lines = all.map(([, { method, pattern }]) => `${method} ${pattern}`);
    assert.deepEqual(lines, [...new Set(lines)]);
  });

  it('lie below /v2 but for the page that people open, and name no parameter but model, version and job', () => {
    for (const [name, { pattern }] of all) {
      if (name === 'statusPage') continue;
      assert.match(pattern, /^\/v2(\/(:model|:version|:job|[a-z]+))*(\.json)?$/, name);
    }
  });

  it('have a twin by version for every route of a model that is asked by version', () => {
    const patterns = new Set<string>(all.map(([, { pattern }]) => pattern));
    for (const suffix of ['', '/ready', '/infer', '/explain', '/batch', '/config', '/stats']) {
      assert.ok(patterns.has(`/v2/models/:model${suffix}`), suffix);
      assert.ok(patterns.has(`/v2/models/:model/versions/:version${suffix}`), suffix);
    }
  });

  it('change something by POST and DELETE only', () => {
    const others = all.filter(([, { method }]) => method !== 'GET').map(([name]) => name);
    assert.deepEqual(others, [
      'profile',
      'modelInfer',
      'modelVersionInfer',
      'modelFeedback',
      'modelExplain',
      'modelVersionExplain',
      'repositoryIndex',
      'repositoryModelLoad',
      'repositoryModelUnload',
      'modelBatch',
      'modelVersionBatch',
      'jobCancel',
    ]);
  });
});
