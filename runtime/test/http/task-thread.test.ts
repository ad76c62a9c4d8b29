import assert from 'node:assert/strict';
import { TaskThread } from '../../src/http/task-thread';
import { TemporaryRepository } from '../support/temporary';

describe('TaskThread', () => {
  const stays = new AbortController().signal;
  let files: TemporaryRepository;
  let thread: TaskThread<unknown, unknown>;

  beforeEach(() => {
    files = new TemporaryRepository();
    const script = files.write(
      'echo.js',
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', (task) => {
         if (task === 'die') process.exit(3);
         parentPort.postMessage(task);
       });`,
    );
    thread = new TaskThread(script);
  });
  afterEach(async () => {
    await thread.close();
    files.remove();
  });

  it('answers in turn', async () => {
    const tasks = [1, 2, 3].map((task) => thread.run(task, [], stays));
    assert.deepEqual(await Promise.all(tasks), [1, 2, 3]);
  });

  it('fails what cannot be sent, and nothing else', async () => {
    const tasks = [1, () => 'no message', 3].map((task) => thread.run(task, [], stays));
    const [first, second, third] = await Promise.allSettled(tasks);
    assert.deepEqual(first, { status: 'fulfilled', value: 1 });
    assert.equal(second?.status, 'rejected');
    assert.deepEqual(third, { status: 'fulfilled', value: 3 });
    assert.equal(await thread.run(4, [], stays), 4);
    await assert.rejects(
      thread.run(() => 'idle', [], stays),
      { name: 'DataCloneError' },
    );
    assert.equal(await thread.run(5, [], stays), 5);
  });

  it('takes only the task in hand along when it is lost', async () => {
    const tasks = ['die', 2].map((task) => thread.run(task, [], stays));
    const [lost, next] = await Promise.allSettled(tasks);
    assert.equal(lost?.status, 'rejected');
    assert.deepEqual(next, { status: 'fulfilled', value: 2 });
  });

  it('leaves out a task whose caller has left', async () => {
    const left = AbortSignal.abort();
    await assert.rejects(thread.run(1, [], left), { code: 'REQUEST_CANCELED' });
  });
});
