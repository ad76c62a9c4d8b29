import { kinds } from '@manara/constructs';
import { checkArgs, checkNeighbour, refuseArg, storageFlow, wholeDays } from '@manara/pulumi';
import type { Place } from '@manara/residency';
import { Key, KeyRotationPolicyActionType, Vault } from '@pulumi/azure-native/keyvault';
import { type ComponentResourceOptions, interpolate, type Output } from '@pulumi/pulumi';
import { AzureComponent, type AzureComponentArgs, commonKinds } from './azure-component';
import { type ServingNetwork, servingNetwork } from './serving-network';
import { sendLogs } from './support/diagnostics';
import { addPrivateEndpoint } from './support/private-endpoint';
import { subscriptionOf } from './support/subscription';

export interface ServingKeysArgs<P extends Place> extends AzureComponentArgs<P> {
  /** Network of the same place: the vault answers in it alone, and its audit log goes to its workspace. */
  readonly network: ServingNetwork<NoInfer<P>>;
  /**
   * Where a key's material is: `hsm`, in a module that it never leaves (the premium tier), or `software`.
   * @default 'hsm'
   */
  readonly protection?: 'hsm' | 'software';
  /**
   * Days between a key's deletion and the end of all that it encrypts: 7 to 90. Nobody can shorten it.
   * @default 90
   */
  readonly deletionWindowDays?: number;
  /**
   * Days between two rotations of a key's material: 7 to 2560.
   * @default 365
   */
  readonly rotationDays?: number;
}

/** A key of the vault. */
export interface ServingKey {
  /** Its id in Azure Resource Manager, which roles are assigned on. */
  readonly id: Output<string>;
  readonly name: Output<string>;
  /** Address without a version: whoever uses it follows the rotation. */
  readonly uri: Output<string>;
  /** Address of the version that is the newest when Pulumi reads it. */
  readonly versionedUri: Output<string>;
}

const kind = {
  cloud: 'azure',
  name: 'ServingKeys',
  does: 'Vault with a key for each purpose',
  holds: ['Keys are rotated'],
} as const;

const argKinds = {
  ...commonKinds,
  network: servingNetwork,
  protection: kinds.optional(kinds.text),
  deletionWindowDays: kinds.optional(kinds.anyNumber),
  rotationDays: kinds.optional(kinds.anyNumber),
};

/**
 * The keys of a site: a vault, and a key for each purpose, rotated. A vault's content is copied within
 * its geography; in `azure:uaenorth` that is the UAE.
 */
export class ServingKeys<const P extends Place = Place> extends AzureComponent<P> {
  readonly vaultId: Output<string>;
  /** `https://<vault>.vault.azure.net/` */
  readonly vaultUri: Output<string>;
  /** For weights in a storage account. */
  readonly models: ServingKey;
  /** For container images in a registry. */
  readonly images: ServingKey;
  /** For the Secrets of a cluster, enveloped by AKS. */
  readonly secrets: ServingKey;
  /** For the disks of nodes. */
  readonly disks: ServingKey;

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, MANARA_PLACE for a network of
   * another place; and those of AzureComponent
   */
  constructor(name: string, args: ServingKeysArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const protection = checkProtection(name, args.protection);
    const window = { from: 7, to: 90, byDefault: 90 };
    const deletionDays = wholeDays(
      kind,
      name,
      'deletionWindowDays',
      args.deletionWindowDays,
      window,
    );
    const rotation = { from: 7, to: 2560, byDefault: 365 };
    const rotationDays = wholeDays(kind, name, 'rotationDays', args.rotationDays, rotation);
    checkNeighbour(kind, name, 'network', args, args.network);
    super(kind, name, args, (self) => [storageFlow(self, 'keys', [])], opts);

    const { location, resourceGroupName, tags, child } = this.context;
    const vault = new Vault(
      name,
      {
        location,
        resourceGroupName,
        properties: {
          tenantId: subscriptionOf(this).tenantId,
          sku: { family: 'A', name: protection === 'hsm' ? 'premium' : 'standard' },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          softDeleteRetentionInDays: deletionDays,
          enablePurgeProtection: true,
          enabledForDeployment: false,
          enabledForDiskEncryption: false,
          enabledForTemplateDeployment: false,
          publicNetworkAccess: 'disabled',
          // A storage account, a registry or a disk unwraps its key as a service that Azure trusts.
          networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' },
        },
        tags,
      },
      child,
    );
    this.vaultId = vault.id;
    this.vaultUri = vault.properties.apply(({ vaultUri }) => vaultUri);
    const keyFor = (purpose: string): ServingKey => {
      const key = new Key(
        `${name}-${purpose}`,
        {
          keyName: purpose,
          vaultName: vault.name,
          resourceGroupName,
          properties: {
            kty: protection === 'hsm' ? 'RSA-HSM' : 'RSA',
            keySize: 3072,
            keyOps: ['wrapKey', 'unwrapKey', 'encrypt', 'decrypt'],
            rotationPolicy: {
              lifetimeActions: [
                {
                  action: { type: KeyRotationPolicyActionType.Rotate },
                  trigger: { timeAfterCreate: `P${rotationDays}D` },
                },
              ],
            },
          },
          tags,
        },
        child,
      );
      return {
        id: interpolate`${vault.id}/keys/${purpose}`,
        name: key.name,
        uri: key.keyUri,
        versionedUri: key.keyUriWithVersion,
      };
    };
    this.models = keyFor('models');
    this.images = keyFor('images');
    this.secrets = keyFor('secrets');
    this.disks = keyFor('disks');
    addPrivateEndpoint(this.context, args.network, 'vault', vault.id);
    sendLogs(this.context, {
      resourceUri: vault.id,
      workspaceId: args.network.workspaceId,
      categories: ['AuditEvent', 'AzurePolicyEvaluationDetails'],
    });
    this.registerOutputs();
  }
}

function checkProtection(
  name: string,
  given: ServingKeysArgs<Place>['protection'] = 'hsm',
): 'hsm' | 'software' {
  if ((['hsm', 'software'] as readonly string[]).includes(given)) return given;
  return refuseArg(kind, name, 'protection', 'hsm or software', given);
}

/** Kind of an argument. */
export const servingKeys = kinds.kind('ServingKeys', (value) => value instanceof ServingKeys);
