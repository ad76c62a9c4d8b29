import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import type { Construct } from 'constructs';
import { DeployError } from '../deploy-error';
import { checkDoorArgs } from './door-args';
import type { ModelEndpoint } from './model-endpoint';
import { PartRegistration } from './part-registration';
import { constructOf } from './site';
import { isWaiting, spoil } from './turn';

export interface RolloutComponentArgs<P extends Place, C extends Construct> {
  /** Endpoint whose pods are replaced. */
  readonly endpoint: ModelEndpoint<P>;
  readonly build: (endpoint: constructs.ModelEndpoint<P>, id: string) => C;
}

const rolloutKinds = {
  endpoint: constructs.kinds.kind(
    'a ModelEndpoint of @manara/pulumi',
    (value) =>
      !constructs.ModelEndpoint.isModelEndpoint(value) &&
      constructs.ModelEndpoint.isModelEndpoint(constructOf(value)),
  ),
};

/** How an endpoint's pods are replaced, as a component: the objects on each site are its children. */
export class RolloutComponent<P extends Place, C extends Construct> extends ComponentResource {
  /** The same rollout in the tree. */
  readonly construct: C;

  /**
   * @throws ConstructError for a prop that cannot be used; DeployError MANARA_ARGS for what is no endpoint, or
   * one whose objects are registered; otherwise as `ModelEndpoint`. Nothing is registered then
   */
  constructor(
    type: string,
    name: string,
    args: RolloutComponentArgs<P, C>,
    opts: ComponentResourceOptions = {},
  ) {
    checkDoorArgs(type, name, args, rolloutKinds);
    const endpoint = args.endpoint.construct;
    if (!isWaiting(endpoint)) {
      throw new DeployError(
        'MANARA_ARGS',
        `${type} "${name}": endpoint: expected one that the program made without an await since, as a rollout changes its objects; received "${endpoint.name}", whose objects are registered; fix: make the rollout right after its endpoint`,
      );
    }
    const { construct, registration } = prepared(type, name, endpoint, args.build);
    super(type, name, {}, opts);
    this.construct = construct;
    registration.register(this);
    this.registerOutputs();
  }
}

interface Prepared<C> {
  readonly construct: C;
  readonly registration: PartRegistration;
}

/** What `build` makes, checked; where it is refused half-way, the endpoint's objects are spoilt. */
function prepared<P extends Place, C extends Construct>(
  type: string,
  name: string,
  endpoint: constructs.ModelEndpoint<P>,
  build: RolloutComponentArgs<P, C>['build'],
): Prepared<C> {
  let isChanged = false;
  try {
    const construct = build(endpoint, name);
    isChanged = true;
    return {
      construct,
      registration: PartRegistration.of(endpoint.zone, construct, partsOf(endpoint)),
    };
  } catch (error) {
    const half = endpoint.node.tryFindChild(name);
    if (isChanged || half !== undefined) {
      endpoint.node.tryRemoveChild(name);
      for (const { root } of partsOf(endpoint)) root.node.scope?.node.tryRemoveChild(root.node.id);
      spoil(
        endpoint,
        `${type} "${name}" was refused after it had changed the objects of endpoint "${endpoint.name}", which cannot be registered without it; fix: ${String(error)}`,
      );
    }
    throw error;
  }
}

function partsOf(endpoint: constructs.ModelEndpoint): readonly constructs.SitePart[] {
  return endpoint.workloads.flatMap(({ site, scope }) => {
    const root = scope.node.tryFindChild('rollout');
    return root === undefined ? [] : [{ site, root }];
  });
}
