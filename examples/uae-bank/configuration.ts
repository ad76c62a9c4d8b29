import { Config, type Output } from '@pulumi/pulumi';
import type { FraudVersion } from './bank';
import { forms } from './forms';
import { Settings } from './settings';

/** Clusters, buckets and registries that somebody else made: a stack for development. */
export interface ExistingClusters {
  readonly clusters: 'existing';
  readonly fraudVersion: FraudVersion;
  /** Contexts of the kubeconfig. */
  readonly contexts: { readonly aws: string; readonly azure: string };
  readonly stores: {
    readonly modelBucket: string;
    /** Secret, both roles, whether or not they were set so: they name the account. */
    readonly modelReaderRole: Output<string>;
    readonly modelCopyRole: Output<string>;
    readonly awsRegistry: string;
    readonly azureRegistry: string;
  };
}

/** Everything is made: a stack for production. */
export interface NewClusters {
  readonly clusters: 'create';
  readonly fraudVersion: FraudVersion;
  readonly kubernetesVersion: string;
  readonly aws: {
    readonly account: string;
    /** ARN of the role that runs Pulumi; it administers the cluster. */
    readonly deployer: string;
    /** Where policies of the organization hold, and the role in its own account that may set them. */
    readonly organization: { readonly unit: string; readonly role: string };
    readonly network: string;
    /** Ranges that the cluster's API is reached from. */
    readonly apiClients: readonly string[];
    readonly gateways: readonly [string, ...string[]];
    readonly hostedZone: string;
    readonly fraudDomain: string;
    readonly fraudAlarm: string;
  };
  readonly azure: {
    readonly subscription: string;
    readonly resourceGroup: string;
    /** Object id of the group in Entra ID that administers the cluster. */
    readonly administrators: string;
    readonly network: string;
    readonly gateways: readonly [string, ...string[]];
    readonly documentsLabel: string;
  };
}

export type Configuration = ExistingClusters | NewClusters;

/**
 * The stack's configuration.
 *
 * @throws RunError that lists every fault, with the command that mends it
 */
export function readConfiguration(): Configuration {
  const settings = new Settings(new Config());
  const clusters = settings.oneOf('clusters', ['existing', 'create']);
  // What else is needed depends on it.
  settings.refuseFaults();
  const configuration = clusters === 'create' ? newClusters(settings) : existingClusters(settings);
  settings.refuseFaults();
  return configuration;
}

function fraudVersionOf(settings: Settings): FraudVersion {
  return settings.oneOf('fraudVersion', ['1', '2']) === '1' ? 1 : 2;
}

function existingClusters(settings: Settings): ExistingClusters {
  return {
    clusters: 'existing',
    fraudVersion: fraudVersionOf(settings),
    contexts: {
      aws: settings.text('awsContext', forms.context),
      azure: settings.text('azureContext', forms.context),
    },
    stores: {
      modelBucket: settings.text('modelBucket', forms.bucket),
      modelReaderRole: settings.secret('modelReaderRole', forms.role),
      modelCopyRole: settings.secret('modelCopyRole', forms.role),
      awsRegistry: settings.text('awsRegistry', forms.awsRegistry),
      azureRegistry: settings.text('azureRegistry', forms.azureRegistry),
    },
  };
}

function newClusters(settings: Settings): NewClusters {
  return {
    clusters: 'create',
    fraudVersion: fraudVersionOf(settings),
    kubernetesVersion: settings.text('kubernetesVersion', forms.kubernetesVersion),
    aws: {
      account: settings.text('awsAccount', forms.account),
      deployer: settings.text('awsDeployer', forms.role),
      organization: {
        unit: settings.text('awsOrganizationalUnit', forms.unit),
        role: settings.text('awsOrganizationRole', forms.role),
      },
      network: settings.text('awsNetwork', forms.range),
      apiClients: settings.texts('awsApiClients', forms.range),
      gateways: settings.texts('awsGateways', forms.address),
      hostedZone: settings.text('hostedZone', forms.hostedZone),
      fraudDomain: settings.text('fraudDomain', forms.domain),
      fraudAlarm: settings.text('fraudAlarm', forms.alarm),
    },
    azure: {
      subscription: settings.text('azureSubscription', forms.guid),
      resourceGroup: settings.text('azureResourceGroup', forms.resourceGroup),
      administrators: settings.text('azureAdministrators', forms.guid),
      network: settings.text('azureNetwork', forms.range),
      gateways: settings.texts('azureGateways', forms.address),
      documentsLabel: settings.text('documentsLabel', forms.label),
    },
  };
}
