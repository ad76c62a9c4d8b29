import type { Told } from '@manara/contract';
import type { DataClass, DataFlow, FlowEnd, Place } from '@manara/residency';
import { encryptionTo } from '../props/uri';
import { type Reached, reachedFrom } from './reached';
import type { ServerProps } from './server-props';

/** What the flows of a server are derived from. */
export interface ServerFlowsInput {
  readonly owner: string;
  /** All classes that the endpoint handles. */
  readonly dataClasses: readonly DataClass[];
  readonly server?: ServerProps<Place> | undefined;
}

/** What the server reaches from a site, by its configuration. What it only fetches carries nothing. */
export function serverFlows(input: ServerFlowsInput, from: FlowEnd): readonly DataFlow[] {
  return reachedFrom(from.place, input.server).map((reached) => flowTo(reached, input, from));
}

function flowTo(
  { key, address, purpose, tells, host, declared }: Reached,
  input: ServerFlowsInput,
  from: FlowEnd,
): DataFlow {
  const dataClasses = classesOf(tells, input);
  const base = { kind: purpose, owner: input.owner, dataClasses };
  if (declared === undefined) {
    return {
      ...base,
      status: 'undeclared',
      at: from.place,
      evidence: `server.config.${key} names ${host}, whose place is not given`,
      fix: `add { host: '${host}', place: …, peer: Peer.… } to server.hosts, with the place where it is`,
    };
  }
  const told = tells.map((one) => (one === 'content' ? 'what requests hold' : one));
  const to: FlowEnd = {
    name: `${key} of ${from.name}, told ${told.join(', ') || 'nothing of requests'}`,
    place: declared.place,
    uri: address,
    addresses: declared.peer.cidrs,
  };
  return { ...base, status: 'declared', from, to, encryption: encryptionTo(address), told };
}

function classesOf(
  tells: readonly Told[],
  { dataClasses, server }: ServerFlowsInput,
): readonly DataClass[] {
  const told = tells.flatMap((one) =>
    one === 'content' ? dataClasses : (server?.attributes?.[one] ?? dataClasses),
  );
  return [...new Map(told.map((dataClass) => [dataClass.id, dataClass])).values()];
}
