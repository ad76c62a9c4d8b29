import type { DossierPart } from '../dossier/dossier-part';
import { objectsBelow } from '../dossier/objects';
import { kubectl, shell } from '../dossier/shell';
import { say } from '../dossier/text';
import type { Site } from '../site';

/** What Istio does at a site, as far as the site's own objects say it. */
export function istioPart(site: Site): DossierPart {
  const owner = site.node.path;
  const routes = objectsBelow(site, 'VirtualService');
  const strict = objectsBelow(site, 'PeerAuthentication');
  const id = `${owner}/mesh`;
  return {
    blocks: [
      {
        kind: 'technology',
        id,
        name: `Mesh of ${site.node.id}`,
        does: say`Istio: leads requests between the pods of namespace ${site.namespaceName}`,
        site: site.node.id,
        place: site.place,
        objects: [...routes, ...objectsBelow(site, 'DestinationRule'), ...strict],
      },
    ],
    controls: strict.map((object) => ({
      owner,
      what: say`Pods take connections only from who shows a certificate of the mesh`,
      at: 'mesh',
      evidence: [{ object, field: '/spec/mtls/mode', equals: 'STRICT' }],
    })),
    uncontrolled:
      strict.length > 0
        ? []
        : [
            {
              owner,
              what: say`No PeerAuthentication of site ${site.node.id} makes mutual TLS strict: a caller without a sidecar that the network lets in is answered in plain text`,
              instead: say`Make it strict for the whole mesh, in ${'istio-system'}`,
            },
          ],
    runbooks: [
      {
        practice: 'incident',
        title: `Requests take another way than expected at ${site.node.id}`,
        when: say`A version, or a pod, gets more or fewer requests than its route says`,
        steps: [
          {
            does: say`Let Istio look at what it was told`,
            commands: [
              shell('istioctl', '--context', site.node.id, 'analyze', '-n', site.namespaceName),
              shell('istioctl', '--context', site.node.id, 'proxy-status'),
            ],
          },
          {
            does: say`Compare the routes with those of the program`,
            commands: [kubectl(site, 'get', 'virtualservices,destinationrules', '-o', 'yaml')],
          },
        ],
      },
    ],
  };
}
