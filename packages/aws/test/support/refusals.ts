import assert from 'node:assert/strict';
import { recordRefusal } from './fixtures';

/** What is wrong, the program that says it, and the whole message. */
export type Refusal = readonly [what: string, program: () => unknown, message: string];

/** A test for each refusal: the message, and that nothing was registered before it. */
export function refuses(refusals: readonly Refusal[]): void {
  for (const [what, program, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const refusal = await recordRefusal(program);
      assert.equal(refusal.message, message);
      assert.deepEqual(
        refusal.registered.map(({ name }) => name),
        [],
      );
    });
  }
}

/** A test that a place outside the zone, past a cast, is refused before anything is registered. */
export function refusesAbroad(program: (place: 'aws:me-central-1') => unknown): void {
  it('refuses a place outside the zone before anything is registered', async () => {
    const { registered, message } = await recordRefusal(() =>
      program('aws:eu-west-1' as 'aws:me-central-1'),
    );
    assert.deepEqual(registered, []);
    assert.match(message, /at aws:eu-west-1, outside zone "bank"/);
    assert.match(message, /\(MANARA_RESIDENCY\)$/);
  });
}
