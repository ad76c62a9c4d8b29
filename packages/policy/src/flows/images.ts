import {
  DataClass,
  type DataFlow,
  hostFact,
  hostOf,
  type Place,
  regionOfHost,
} from '@manara/residency';
import type { Boundary } from '../boundary';
import { placementOf } from '../clouds';
import { placedAt, untold, type Placement } from '../placement';
import { each, parsed, record, text } from '../read';
import type { Resource } from '../resource';
import { inTurn, known } from '../unknown-value';
import { label, moves, undeclared } from './movement';

/** Inputs that list containers, or are one, in Kubernetes, ECS, Batch, SageMaker and Azure; some in JSON. */
const containers: ReadonlySet<string> = new Set([
  'containers',
  'initContainers',
  'ephemeralContainers',
  'containerDefinitions',
  'containerProperties',
  'primaryContainer',
]);
/** Inputs that lead to containers: one that is not known yet has to be judged again. */
const onTheWay: ReadonlySet<string> = new Set(['spec', 'template', 'jobTemplate']);

/** Where a reference without a host is pulled from. */
const hub = 'docker.io';

/** Each image that a resource runs comes from a registry in a place that can be told. */
export function* imageFlows(resource: Resource, boundary: Boundary): Iterable<DataFlow> {
  const placement = placementOf(resource, boundary);
  const home = placement.status === 'placed' ? placement.place : boundary.home;
  const seen = new Set<string>();
  for (const image of imagesIn(resource.props)) {
    if (seen.has(image)) continue;
    seen.add(image);
    const registry = registryOf(image, home, boundary);
    if (registry.status === 'untold') {
      yield undeclared(resource, boundary, 'image', registry.why, registry.fix);
    } else if (registry.status === 'placed') {
      const uri = `https://${hostOf(image) === undefined ? `${hub}/` : ''}${image}`;
      const from = { name: `image ${image}`, place: registry.place, uri };
      const to = { name: label(resource), place: home };
      yield moves(resource, 'image', from, to, [DataClass.PUBLIC]);
    }
  }
}

function* imagesIn(value: unknown): Generator<string, void, undefined> {
  if (typeof value !== 'object' || value === null) return;
  const inputs = value as Record<string, unknown>;
  yield* inTurn(
    Object.keys(inputs).map(
      (key) =>
        function* () {
          if (containers.has(key)) yield* each(parsed(inputs[key]), imageOf);
          else if (key === 'imageUri') yield* some(inputs[key]);
          else if (onTheWay.has(key)) yield* imagesIn(inputs[key]);
          else yield* quietly(inputs, key);
        },
    ),
  );
}

/** What is not known of inputs that lead nowhere in particular is no question of images. */
function* quietly(inputs: Record<string, unknown>, key: string): Generator<string> {
  const children = known(function* () {
    yield inputs[key];
  });
  for (const child of children) yield* imagesIn(child);
}

function* imageOf(container: unknown): Generator<string> {
  yield* some(record(container).image);
}

function* some(image: unknown): Generator<string> {
  const reference = text(image);
  if (reference !== undefined) yield reference;
}

/** Where a registry is. A well-known public host counts as here, for `known-host-is-in-zone` to refute. */
function registryOf(image: string, home: Place, { located }: Boundary): Placement {
  const host = hostOf(image) ?? hub;
  const place = located.get(host) ?? regionOfHost(host)?.place;
  if (place !== undefined) return placedAt(place);
  if (hostFact(host) !== undefined) return { status: 'placed', place: home };
  return untold(
    `image "${image}" comes from ${host}, and nothing tells where that is`,
    `add located: { '${host}': '<place>' } to the policy pack`,
  );
}
