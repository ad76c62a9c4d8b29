import { listAt, recordAt, recordsIn, textAt } from '../../manifest';
import { egress, type Find } from './find';
import type { KnownEnds } from './known-ends';

/** What objects that make nodes, or run something on them, would let out. */
export function nodeFinds(kind: string, manifest: unknown, known: KnownEnds): readonly Find[] {
  switch (kind) {
    case 'EC2NodeClass':
      return publicAddresses(manifest);
    case 'ClusterPolicy':
      return foreignOperands(manifest, known);
    default:
      return [];
  }
}

function publicAddresses(manifest: unknown): readonly Find[] {
  const spec = recordAt(manifest, 'spec');
  const interfaces = listAt(spec, 'networkInterfaces').length;
  if (spec?.associatePublicIPAddress === false && interfaces === 0) return [];
  return [
    egress(
      'may give nodes public addresses, by which they reach anything',
      'set associatePublicIPAddress: false, and no networkInterfaces',
    ),
  ];
}

/** NVIDIA's operator pulls an image from each `repository`, for pods that no manifest here holds. */
function foreignOperands(manifest: unknown, { registries }: KnownEnds): readonly Find[] {
  return recordsIn(manifest)
    .flatMap((operand) => textAt(operand, 'repository') ?? [])
    .filter((repository) => !registries.some((prefix) => `${repository}/`.startsWith(prefix)))
    .map((repository) => ({
      kind: 'image',
      evidence: `has images pulled from "${repository}", which is not the site's registry`,
      fix: "mirror the images into the site's registry and name it there",
    }));
}
