import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProfile, type Profile } from '@manara/contract';
import { repositoryRoot, temporaryFolder } from '../support/folders';
import { manara } from '../support/manara';

const file = join(repositoryRoot, 'examples', 'models', 'repository', 'fraud', '2', 'model.onnx');

describe('manara profile', function () {
  this.timeout(60_000);

  it('measures a file at each batch and concurrency, and the machine', async () => {
    const out = join(temporaryFolder(), 'fraud.profile.json');
    const { code, stderr } = await manara(
      ['profile', file, '--batches', '1,8', '--concurrency', '1,2', '--time', '4s', '--out', out],
      { cwd: repositoryRoot },
    );
    assert.equal(code, 0, stderr);
    const profile: Profile = parseProfile(JSON.parse(readFileSync(out, 'utf8')));
    assert.deepEqual(
      profile.points.map(({ batch, concurrency }) => [batch, concurrency]),
      [
        [1, 1],
        [1, 2],
        [8, 1],
        [8, 2],
      ],
    );
    for (const point of profile.points) {
      assert.ok(point.requests > 0 && point.p50Millis <= point.p99Millis, JSON.stringify(point));
      assert.ok(point.runMillis > 0 && point.rowsPerRun >= point.batch, JSON.stringify(point));
    }
    assert.equal(profile.serviceTimeMillis, profile.points[0]?.runMillis);
    assert.ok((profile.coldStartSeconds ?? 0) > 0);
    assert.equal(profile.node?.nodejs, process.version);
    assert.match(stderr, /8 rows, 2 at once: \d+ rows\/s/);
  });

  const refusals: readonly (readonly [readonly string[], RegExp])[] = [
    [['http://127.0.0.1:1'], /http:\/\/127\.0\.0\.1:1 does not answer/],
    [['absent.onnx'], /cannot read "absent\.onnx"/],
    [[file, '--batches', '0'], /Expected a number, 1 to 4096/],
    [[file, '--batches', '2', '--concurrency', '1', '--time', '1s'], /give 1 among --batches/],
  ];
  for (const [args, message] of refusals) {
    it(`refuses ${args.slice(-2).join(' ')}`, async () => {
      const { code, stderr } = await manara(['profile', ...args], { cwd: repositoryRoot });
      assert.notEqual(code, 0);
      assert.match(stderr, message);
    });
  }
});
