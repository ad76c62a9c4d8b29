import assert from 'node:assert/strict';
import { type AksServingCluster, CpuNodePool } from '../../src';
import { cluster } from '../support/cluster';
import { record, recordRefusal, type UaePlace } from '../support/fixtures';
import { offerings, sku } from '../support/skus';
import { base, type Base } from '../support/stack';

const sizes = [
  ...offerings,
  sku('Standard_D4s_v5', { vCPUs: 4 }, { family: 'standardDSv5Family' }),
];

/** Sizes of one family, as Azure has them. */
const oneFamily = sizes.map((size) =>
  size.name === 'Standard_D8s_v5' ? { ...size, family: 'standardDSv5Family' } : size,
);

/** A cluster with three system nodes of four vCPUs. */
function clusterWith(quotas: Readonly<Record<string, number>>, on: Base) {
  return cluster({ offerings: oneFamily, quotas }, on);
}

function pool(name: string, on: Base, aks: AksServingCluster<UaePlace>, args: object = {}) {
  return new CpuNodePool(name, {
    ...on,
    cluster: aks,
    vmSize: 'Standard_D8s_v5',
    nodes: { min: 1, max: 2 },
    ...args,
  });
}

/** What two pools of two nodes with eight vCPUs are refused with; nothing where they fit. */
async function refusalOf(
  quotas: Readonly<Record<string, number>>,
  second: object = {},
): Promise<string> {
  const { message } = await recordRefusal(() => {
    const on = base();
    const aks = clusterWith(quotas, on);
    pool('first', on, aks);
    pool('second', on, aks, second);
  });
  return message;
}

const second = 'manara:azure:CpuNodePool "second":';

describe('quotas of a cluster on Azure', () => {
  it('hold all of its pools of a family together, its own nodes among them', async () => {
    assert.equal(await refusalOf({ standardDSv5Family: 44 }), '');
    assert.equal(
      await refusalOf({ standardDSv5Family: 43 }),
      `${second} nodes.max: expected at most 15 of the 43 vCPUs of the quota "standardDSv5Family", of which other pools may take 28; ask Azure for more, or grow less; received 16 (MANARA_ARGS)`,
    );
  });

  it('are found however Azure spells the family', async () => {
    assert.match(
      await refusalOf({ 'Standard DSv5 Family': 43 }),
      /at most 15 of the 43 vCPUs of the quota "Standard DSv5 Family"/,
    );
  });

  it('hold all machines of the region, whatever their family', async () => {
    assert.match(
      await refusalOf({ cores: 43 }),
      /at most 15 of the 43 vCPUs of the quota "cores", of which other pools may take 28;/,
    );
  });

  it('count spot machines apart: the floor in the family, what is above it with all spot', async () => {
    const spot = { nodes: { min: 1, max: 10 }, spot: { floor: 2 } };
    assert.equal(await refusalOf({ standardDSv5Family: 44, lowPriorityCores: 64 }, spot), '');
    assert.equal(
      await refusalOf({ standardDSv5Family: 44, lowPriorityCores: 63 }, spot),
      `${second} nodes.max: expected at most 63 of the 63 vCPUs of the quota "lowPriorityCores", of which other pools may take 0; ask Azure for more, or grow less; received 64 (MANARA_ARGS)`,
    );
  });

  it('are those that a pool states itself, with what other pools of the family take', async () => {
    assert.equal(await refusalOf({}, { quotaVcpus: 44 }), '');
    assert.equal(
      await refusalOf({}, { quotaVcpus: 43 }),
      `${second} quotaVcpus: expected at least 44 for 2 nodes with 8 each, and 28 of other pools of standardDSv5Family; ask Azure to raise the limit, or lower the number of nodes; received 43 (MANARA_ARGS)`,
    );
  });

  it('are not taken by a pool that is refused', async () => {
    const { result } = await record(() => {
      const on = base();
      const aks = clusterWith({ standardDSv5Family: 28 }, on);
      assert.throws(
        () => pool('big', on, aks, { nodes: { min: 1, max: 3 } }),
        /at most 16 of the 28/,
      );
      assert.throws(() => pool('odd', on, aks, { zones: ['4'] }), /zones: expected/);
      return pool('fits', on, aks);
    });
    assert.deepEqual(result.zones, ['1', '2', '3']);
  });

  const aks = 'manara:azure:AksServingCluster "aks":';
  const refused: readonly (readonly [string, object, string])[] = [
    [
      'a cluster whose own nodes are too many',
      { offerings: oneFamily, quotas: { standardDSv5Family: 8 } },
      `${aks} systemNodes: expected at most 8 of the 8 vCPUs of the quota "standardDSv5Family", of which other pools may take 0; ask Azure for more, or grow less; received 12 (MANARA_ARGS)`,
    ],
    [
      'quotas that nothing says the need of',
      { quotas: { cores: 100 } },
      `${aks} offerings: expected the sizes that the subscription can have, with their vCPUs, to check quotas against; received nothing (MANARA_ARGS)`,
    ],
    [
      'a quota of no family',
      { offerings: oneFamily, quotas: { standardDSv6Family: 8 } },
      `${aks} quotas: expected names that az vm list-usage prints, of a family in offerings: cores, lowPriorityCores, standardDSv5Family, Standard_NC24ads_A100_v4Family, Standard_NC40ads_H100_v5Family, Standard_ND96isr_H100_v5Family; received "standardDSv6Family" (MANARA_ARGS)`,
    ],
    [
      'a quota that is no number of vCPUs',
      { offerings: oneFamily, quotas: { cores: 1.5 } },
      `${aks} quotas["cores"]: expected whole vCPUs; received 1.5 (MANARA_ARGS)`,
    ],
    [
      'system nodes of a size that the region lacks',
      { offerings: oneFamily, systemVmSize: 'Standard_ND96isr_H100_v5' },
      `${aks} systemVmSize: expected one of the 4 sizes that offerings has at azure:uaenorth; az vm list-skus --location uaenorth --resource-type virtualMachines --all --output json prints them anew; received "Standard_ND96isr_H100_v5" (MANARA_ARGS)`,
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuse ${what}`, async () => {
      const refusal = await recordRefusal(() => cluster(args));
      assert.equal(refusal.message, message);
      assert(!refusal.registered.some(({ name }) => name === 'aks'));
    });
  }
});
