import assert from 'node:assert/strict';
import { output } from '@pulumi/pulumi';
import { Guardrails } from '../src';
import { childrenOf, record, type UaePlace } from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { base, type Base } from './support/stack';

function guardrails(args: object = {}, on: Base = base(), name = 'guard'): Guardrails<UaePlace> {
  const { zone, place } = on;
  return new Guardrails(name, { zone, place, scope: '/subscriptions/sub', ...args });
}

const definition = (id: string) => `/providers/Microsoft.Authorization/policyDefinitions/${id}`;

describe('Guardrails', () => {
  it("assign the two policies that compare locations with the zone's own of Azure", async () => {
    const { registered, result } = await record(() => guardrails());
    const common = {
      scope: '/subscriptions/sub',
      enforcementMode: 'Default',
      parameters: { listOfAllowedLocations: { value: ['uaenorth', 'uaecentral'] } },
      nonComplianceMessages: [
        { message: 'Zone "bank" is at uaenorth, uaecentral, and nowhere else.' },
      ],
    };
    assert.deepEqual(childrenOf(registered, 'guard'), {
      'PolicyAssignment guard-locations': {
        ...common,
        policyAssignmentName: 'guard-locations',
        policyDefinitionId: definition('e56962a6-4747-49cd-b67b-bf8b01975c4c'),
        displayName: 'Manara, zone bank: Allowed locations',
      },
      'PolicyAssignment guard-groups': {
        ...common,
        policyAssignmentName: 'guard-groups',
        policyDefinitionId: definition('e765b5de-1225-4ba3-bd56-1ac6695af988'),
        displayName: 'Manara, zone bank: Allowed locations for resource groups',
      },
    });
    assert.deepEqual(result.locations, ['uaenorth', 'uaecentral']);
  });

  it('leave out what is exempt', async () => {
    const exempt = ['/subscriptions/sub/resourceGroups/lab', output('/subscriptions/other')];
    const { registered } = await record(() => guardrails({ exempt }));
    for (const child of Object.values(childrenOf(registered, 'guard'))) {
      assert.deepEqual((child as { readonly notScopes: unknown }).notScopes, [
        '/subscriptions/sub/resourceGroups/lab',
        '/subscriptions/other',
      ]);
    }
  });

  refusesAbroad('guard', (on) => guardrails({}, on));

  refuses('guard', [
    [
      'a scope that is no text',
      (on) => guardrails({ scope: 7 }, on),
      'manara:azure:Guardrails "guard": scope: expected text or an Output of it; received 7 (MANARA_ARGS)',
    ],
    [
      'a name that an assignment would have no room for',
      (on) => guardrails({}, on, 'guard-rails'),
      'manara:azure:Guardrails "guard-rails": name: expected at most 12 lower-case letters and digits, starting with a letter; received "guard-rails" (MANARA_ARGS)',
    ],
  ]);
});
