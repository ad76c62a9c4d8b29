import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import type { Construct } from 'constructs';
import { ConstructComponent } from '../doors/construct-component';
import { constructOf, Site } from '../doors/site';
import { refuseArg } from './args';
import type { CloudComponentArgs } from './cloud-component';
import { type CloudKind, typeOf } from './cloud-node';
import { checkNeighbour } from './neighbour';

/** A site of the tree, or one of Pulumi. */
export type AnySite<P extends Place = Place> = constructs.Site<P> | Site<P>;

/** What a component puts into a site. */
export interface SiteAddition {
  /** Name of its class: `PodIdentityAccess`. */
  readonly type: string;
  /** Its id in the site. */
  readonly id: string;
  readonly build: (site: constructs.Site, id: string) => Construct;
}

/**
 * Puts a construct of a component into a site where the component is. A site of the tree is registered
 * by `deploy`; one of Pulumi is registered already, so that the construct is registered at once.
 *
 * @param component whose construct it is
 * @throws DeployError MANARA_ARGS for what is no site, MANARA_PLACE for one of another zone or place; for
 * a site of Pulumi, otherwise as `ConstructComponent`
 */
export function addToSite(
  kind: CloudKind,
  component: CloudComponentArgs<Place> & { readonly name: string },
  site: AnySite,
  { type, id, build }: SiteAddition,
): void {
  const construct = constructOf(site);
  if (!constructs.Site.isSite(construct)) {
    refuseArg(
      kind,
      component.name,
      'site',
      'a Site of @manara/constructs or of @manara/pulumi',
      site,
    );
  }
  checkNeighbour(kind, component.name, 'site', component, construct);
  if (!(site instanceof Site)) {
    build(construct, id);
    return;
  }
  new ConstructComponent(
    typeOf({ ...kind, name: type }),
    // As the objects within are named: another site has one of the same id.
    `${construct.node.path}/${id}`,
    { site, build: () => build(construct, id) },
    { parent: site },
  );
}
