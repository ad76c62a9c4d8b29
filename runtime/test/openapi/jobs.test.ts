import assert from 'node:assert/strict';
import { openApiDocument } from '@manara/contract';
import { type Job, jobStates } from '../../src/jobs/job';
import { jobView } from '../../src/jobs/views';
import { ApiSchemas } from '../support/api-schemas';

const queued: Job = {
  id: 'a',
  caller: 'c',
  request: { kind: 'infer', model: 'm', version: undefined, headers: {}, options: {} },
  fingerprint: 'f',
  createdAt: 1,
  callback: undefined,
  state: 'queued',
  startedAt: undefined,
  finishedAt: undefined,
  expiresAt: undefined,
  attempts: 0,
  progress: undefined,
  failure: undefined,
  delivery: undefined,
};

/** With a value for whatever a job may have. */
const full: Job = {
  ...queued,
  request: { ...queued.request, kind: 'batch', version: '2' },
  callback: 'https://hooks.bank.example/jobs',
  startedAt: 2,
  finishedAt: 3,
  expiresAt: 4,
  attempts: 2,
  progress: { rows: 1, bytes: 2, totalBytes: 3, resume: { secret: 1 } },
  failure: { code: 'BATCH_ROW', message: 'no' },
  delivery: { state: 'failed', attempts: 3, at: 5, error: 'HTTP 500' },
};

describe('the schema of a job', () => {
  const api = new ApiSchemas(
    openApiDocument({
      version: '1',
      versions: [],
      errors: [],
      features: ['jobs', 'batches'],
      identity: undefined,
    }),
  );
  const seen = (job: Job): Readonly<Record<string, unknown>> =>
    JSON.parse(JSON.stringify(jobView(job))) as Readonly<Record<string, unknown>>;

  for (const state of jobStates) {
    it(`holds for one that is ${state}, with little said of it and with all`, () => {
      for (const job of [queued, full]) {
        const view = seen({ ...job, state });
        assert.equal(api.answerFaults('job', 200, view), undefined);
        assert.equal(api.answerFaults('jobs', 200, { jobs: [view], next: '1' }), undefined);
      }
    });
  }

  it('names every field of a job, and no other', () => {
    const { Job: schema } = api.document.components.schemas ?? {};
    const properties = schema?.properties as Readonly<
      Record<string, { readonly properties?: object }>
    >;
    const view = seen({ ...full, state: 'failed' });
    assert.deepEqual(Object.keys(properties).sort(), Object.keys(view).sort());
    for (const part of ['progress', 'error', 'callback']) {
      const fields = Object.keys(properties[part]?.properties ?? {});
      assert.deepEqual(fields.sort(), Object.keys(view[part] as object).sort(), part);
    }
  });

  it('refuses a state that there is not, and a field more', () => {
    const view = seen(queued);
    assert.notEqual(api.answerFaults('job', 200, { ...view, state: 'lost' }), undefined);
    assert.notEqual(api.answerFaults('job', 200, { ...view, caller: 'c' }), undefined);
  });
});
