import { ConstructError } from '../../construct-error';
import { imageGrammar, type ImageName } from '../../image-name';
import { hasLate } from '../../late/late';
import { imageName } from '../../props/kinds';
import { checkProps } from '../../props/props';

/** Who offers the GPUs of a node to pods. */
export class GpuDevices {
  /**
   * The nodes do it by themselves: Bottlerocket's NVIDIA image has the device plugin in it, and so may
   * nodes that somebody else set up.
   */
  static present(): GpuDevices {
    return new GpuDevices({ kind: 'present' });
  }

  /**
   * NVIDIA's device plugin as a DaemonSet on the pool's nodes, which have the driver and NVIDIA's
   * container runtime.
   *
   * @param image the plugin's, as it was mirrored into the site's registry
   * @throws ConstructError MANARA_CAPACITY for what names no image
   */
  static plugin(image: ImageName): GpuDevices {
    checkProps('GpuDevices.plugin', { image }, { image: imageName });
    checkImage('GpuDevices.plugin', 'image', image);
    return new GpuDevices({ kind: 'plugin', image });
  }

  /** NVIDIA's GPU operator, which is installed in the cluster and reads labels of nodes. */
  static operator(): GpuDevices {
    return new GpuDevices({ kind: 'operator' });
  }

  /** NVIDIA's driver for Dynamic Resource Allocation, which is installed: pods claim devices. */
  static claims(): GpuDevices {
    return new GpuDevices({ kind: 'claims' });
  }

  private constructor(readonly mode: DevicesMode) {}
}

export type DevicesMode =
  | { readonly kind: 'present' | 'operator' | 'claims' }
  | { readonly kind: 'plugin'; readonly image: ImageName };

/** Words for messages. */
export const devicesWords: Readonly<Record<DevicesMode['kind'], string>> = {
  present: 'GpuDevices.present()',
  plugin: 'GpuDevices.plugin(image)',
  operator: 'GpuDevices.operator()',
  claims: 'GpuDevices.claims()',
};

/** @throws ConstructError MANARA_CAPACITY for what names no image */
export function checkImage(at: string, prop: string, { name, tag, digest }: ImageName): void {
  const refuse = (what: string, expected: string, received: string): never => {
    throw new ConstructError(
      'MANARA_CAPACITY',
      at,
      `${prop}.${what}: expected ${expected}; received "${received}"`,
    );
  };
  if (!imageGrammar.name.test(name)) {
    refuse('name', 'a name in the registry, such as nvidia/k8s-device-plugin', name);
  }
  if (!imageGrammar.tag.test(tag)) refuse('tag', 'the tag of an image, such as v0.20.0', tag);
  if (digest !== undefined && !hasLate(digest) && !imageGrammar.digest.test(digest)) {
    refuse('digest', 'sha256: and 64 lower-case hexadecimal digits', digest);
  }
}
