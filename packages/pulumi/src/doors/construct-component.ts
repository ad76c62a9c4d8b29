import * as constructs from '@manara/constructs';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import type { Construct } from 'constructs';
import { checkDoorArgs } from './door-args';
import { PartRegistration } from './part-registration';
import { constructOf, type Site } from './site';

export interface ConstructComponentArgs<C extends Construct> {
  /** Site whose cluster the objects go to. */
  readonly site: Site;
  /** Makes the construct: `(scope, id) => new Redis(scope, id, { replicas: 2 })`. */
  readonly build: (scope: Construct, id: string) => C;
}

const constructKinds = {
  site: constructs.kinds.kind(
    'a Site of @manara/pulumi',
    (value) => !constructs.Site.isSite(value) && constructs.Site.isSite(constructOf(value)),
  ),
  build: constructs.kinds.kind('a function', (value) => typeof value === 'function'),
};

/** What `build` makes; nothing of it stays in the site where it throws half-way. */
function built<C extends Construct>({ site, build }: ConstructComponentArgs<C>, name: string): C {
  const before = new Set(site.construct.node.children);
  try {
    return build(site.construct, name);
  } catch (error) {
    for (const child of site.construct.node.children) {
      if (!before.has(child)) site.construct.node.tryRemoveChild(child.node.id);
    }
    throw error;
  }
}

/**
 * Any construct of cdk8s, Manara's or another's, as a component of Pulumi. Its objects are held to what
 * the site's zone permits, as those of Manara's own constructs are.
 */
export class ConstructComponent<C extends Construct = Construct> extends ComponentResource {
  /** What `build` made. */
  readonly construct: C;

  /**
   * @param type type token of the component: `acme:cache:Redis`
   * @throws DeployError MANARA_ARGS for what is no site; whatever `build` throws; otherwise as `ModelEndpoint`
   */
  constructor(
    type: string,
    name: string,
    args: ConstructComponentArgs<C>,
    opts: ComponentResourceOptions = {},
  ) {
    checkDoorArgs(type, name, args, constructKinds);
    const site = args.site.construct;
    const construct = built(args, name);
    const registration = PartRegistration.of(site.zone, construct, [{ site, root: construct }]);
    super(type, name, {}, opts);
    this.construct = construct;
    registration.register(this);
    this.registerOutputs();
  }
}
