import { dataFlows, type DeclaresFlows, late, type Site } from '@manara/constructs';
import type { DataFlow, Place } from '@manara/residency';
import type { Input } from '@pulumi/pulumi';
import { ApiObject, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';

interface BlobClaimProps {
  /** Name of the bucket, and of the claim. */
  readonly name: string;
  /** Where the account is. */
  readonly place: Place;
  readonly accountName: Input<string>;
  readonly resourceGroupName: Input<string>;
  readonly containerName: string;
  /** Client id of an identity that nodes have, and that may read the container; and write, where pods do. */
  readonly clientId: Input<string>;
  /** Whether pods may write: for a bucket that the site's own jobs keep equal to another. */
  readonly writable: boolean;
}

/**
 * A volume of a container, and its claim, through AKS's driver for blobs. Nodes get their token from the
 * machine's own metadata service, so that nothing leaves the network.
 *
 * The driver does not honour a pod's `fsGroup`. With `allow_other`, blobfuse2 gives every file and folder
 * the mode 0777, which a container's user needs to read, and to write.
 *
 * Sources: kubernetes-sigs/blob-csi-driver on GitHub, docs/driver-parameters.md;
 * Azure/azure-storage-fuse on GitHub, component/libfuse/libfuse.go, `Validate`; read 2026-11-22.
 */
export class BlobClaim extends Construct implements DeclaresFlows {
  readonly #flows: readonly DataFlow[];

  constructor(site: Site, id: string, props: BlobClaimProps) {
    super(site, id);
    const bucket = { name: `model bucket ${props.name}`, place: props.place };
    const nodes = { name: `nodes of ${site.node.path}`, place: site.place };
    const base = {
      status: 'declared',
      kind: 'artifact',
      owner: this.node.path,
      dataClasses: site.zone.data,
      encryption: 'tls',
    } as const;
    this.#flows = [
      { ...base, from: bucket, to: nodes },
      ...(props.writable ? [{ ...base, from: nodes, to: bucket }] : []),
    ];
    this.#addVolume(site, props);
  }

  [dataFlows](): readonly DataFlow[] {
    return this.#flows;
  }

  #addVolume(site: Site, { name, writable, ...claim }: BlobClaimProps): void {
    const accessModes = [writable ? 'ReadWriteMany' : 'ReadOnlyMany'];
    const volumeName = `${site.namespaceName}-${name}`;
    const lateText = (key: string, source: Input<string>): string =>
      typeof source === 'string' ? source : late(`${volumeName}.${key}`, source);
    const volume = new k8s.KubePersistentVolume(this, 'volume', {
      metadata: { name: volumeName },
      spec: {
        capacity: { storage: k8s.Quantity.fromString(nominalSize) },
        accessModes,
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
        claimRef: { namespace: site.namespaceName, name },
        mountOptions: [...(writable ? [] : ['-o ro']), '-o allow_other'],
        csi: {
          driver: 'blob.csi.azure.com',
          readOnly: !writable,
          volumeHandle: volumeName,
          volumeAttributes: {
            protocol: 'fuse2',
            resourceGroup: lateText('resourceGroup', claim.resourceGroupName),
            storageAccount: lateText('account', claim.accountName),
            containerName: claim.containerName,
            AzureStorageAuthType: 'MSI',
            AzureStorageIdentityClientID: lateText('clientId', claim.clientId),
          },
        },
      },
    });
    // The chart puts every object into its namespace, and a volume is in none.
    ApiObject.of(volume).addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    new k8s.KubePersistentVolumeClaim(this, 'claim', {
      metadata: { name },
      spec: {
        accessModes,
        storageClassName: '',
        volumeName,
        resources: { requests: { storage: k8s.Quantity.fromString(nominalSize) } },
      },
    });
  }
}

/** Kubernetes asks for a size; a container has none. */
const nominalSize = '1Ti';
