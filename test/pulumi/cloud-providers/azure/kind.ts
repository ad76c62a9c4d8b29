import { type JsonObject, text } from '../../plugin/json';
import type { Kind, Made } from '../cloud';

export const subscriptionId = '00000000-0000-4000-8000-00000000babb';
export const subscription = `/subscriptions/${subscriptionId}`;
export const tenantId = '00000000-0000-4000-8000-00000000face';

/** What Azure says of a resource besides its inputs, its name and its type. */
export type Outputs = (made: Made, id: string) => JsonObject;

/**
 * Known by a path whose `{…}` are inputs: `Microsoft.KeyVault/vaults/{vaultName}`. The last of them is
 * its name. Without a scope it is in a resource group.
 */
export function arm(path: string, outputs: Outputs = () => ({}), scope = group): Kind {
  const template = `${scope}/providers/${path}`;
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const type = path.split('/').filter((_, i) => i === 0 || i % 2 === 1);
  return {
    named: names.at(-1)!,
    fixed: names.slice(0, -1),
    id: ({ inputs }) => template.replace(/\{(\w+)\}/g, (_, name: string) => text(inputs[name])),
    outputs: (made, id) => ({
      name: id.split('/').at(-1) ?? '',
      type: type.join('/'),
      ...outputs(made, id),
    }),
  };
}

const group = `${subscription}/resourceGroups/{resourceGroupName}`;
