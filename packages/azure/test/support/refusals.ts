import assert from 'node:assert/strict';
import { recordRefusal } from './fixtures';
import { base, type Base } from './stack';

/** What is wrong, the program that says it, and the whole message. */
export type Refusal = readonly [what: string, program: (on: Base) => unknown, message: string];

/**
 * A test for each refusal: the message, and that nothing was registered before it but what the component
 * would have stood on.
 */
export function refuses(component: string, refusals: readonly Refusal[]): void {
  for (const [what, program, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const refusal = await recordRefusal(() => program(base()));
      assert.equal(refusal.message, message);
      assertNothingOf(component, refusal.registered);
    });
  }
}

/** A test that a place outside the zone, past a cast, is refused before anything is registered. */
export function refusesAbroad(component: string, program: (on: Base) => unknown): void {
  it('refuses a place outside the zone before anything is registered', async () => {
    const refusal = await recordRefusal(() => program({ ...base(), place: abroad }));
    assert.match(
      refusal.message,
      /at azure:westeurope, outside zone "bank"[^]*\(MANARA_RESIDENCY\)$/,
    );
    assertNothingOf(component, refusal.registered);
  });
}

function assertNothingOf(
  component: string,
  registered: readonly { readonly name: string; readonly parent: string }[],
): void {
  assert.deepEqual(
    registered.filter(({ parent, name }) => [parent, name].includes(component)),
    [],
  );
}

const abroad = 'azure:westeurope' as 'azure:uaenorth';
