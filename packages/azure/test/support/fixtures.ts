import { ResidencyZone } from '@manara/constructs';
import {
  type Answers,
  type Inputs,
  record as recordWith,
  recordRefusal as recordRefusalWith,
  type Registered,
} from '@manara/pulumi-testing';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App } from 'cdk8s';

export type UaePlace = 'azure:uaenorth' | 'azure:uaecentral' | 'aws:me-central-1';

export const home = 'azure:uaenorth';

/** The region of the UAE that has no availability zones. */
export const capital = 'azure:uaecentral';

export function zone(): ResidencyZone<UaePlace> {
  return new ResidencyZone(new App(), 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['azure:uaenorth', 'azure:uaecentral', 'aws:me-central-1'],
    data: [DataClass.PERSONAL],
  });
}

/** The kubeconfig that Azure answers with, without credentials as a cluster with Entra ID has it. */
const kubeconfig = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: https://dubai.private.uaenorth.azmk8s.io:443
  name: dubai
`;

const answers: Answers = {
  calls: {
    'azure-native:authorization:getClientConfig': { subscriptionId: 'sub', tenantId: 'tenant' },
    'azure-native:containerservice:listManagedClusterUserCredentials': {
      kubeconfigs: [{ name: 'clusterUser', value: Buffer.from(kubeconfig).toString('base64') }],
    },
  },
  outputs: (type, name) => ({ name: `${name}-name`, ...outputsOf[type]?.(name) }),
};

const outputsOf: Readonly<Record<string, (name: string) => Inputs>> = {
  'azure-native:keyvault:Vault': (name) => ({
    properties: { vaultUri: `https://${name}.vault.azure.net/` },
  }),
  'azure-native:keyvault:Key': (name) => ({
    keyUri: `https://vault/keys/${name}`,
    keyUriWithVersion: `https://vault/keys/${name}/v1`,
  }),
  'azure-native:managedidentity:UserAssignedIdentity': (name) => ({
    principalId: `${name}-principal`,
    clientId: `${name}-client`,
  }),
  'azure-native:containerregistry:Registry': (name) => ({ loginServer: `${name}.azurecr.io` }),
  'azure-native:compute:DiskEncryptionSet': (name) => ({
    identity: { principalId: `${name}-principal` },
  }),
  'azure-native:containerservice:ManagedCluster': (name) => ({
    privateFQDN: `${name}.private.uaenorth.azmk8s.io`,
    oidcIssuerProfile: { enabled: true, issuerURL: `https://issuer/${name}` },
  }),
};

/** Runs a program against a mocked Azure. */
export function record<T>(program: () => T): ReturnType<typeof recordWith<T>> {
  return recordWith(program, answers);
}

/** Runs a program that must refuse, against a mocked Azure. */
export function recordRefusal(program: () => unknown): ReturnType<typeof recordRefusalWith> {
  return recordRefusalWith(program, answers);
}

/** What a function gives, made when it is first asked for: a recorded program takes a second. */
export function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Inputs of every child of a component by type and name: `Vault keys`. */
export function childrenOf(registered: readonly Registered[], parent: string): Inputs {
  return Object.fromEntries(
    registered
      .filter((r) => r.parent === parent)
      .map(({ type, name, inputs }) => [`${type.replace(/^.*:/, '')} ${name}`, inputs]),
  );
}

/** Tags on the children of a component: Manara's own. */
export function tags(component: string): Inputs {
  return { 'manara-zone': 'bank', 'manara-component': component };
}

/** What most resources of the tests' site have. */
export function located(component: string): Inputs {
  return { location: 'uaenorth', resourceGroupName: 'serving', tags: tags(component) };
}

/** Id of a built-in role in the mocked subscription. */
export function roleId(id: string): string {
  return `/subscriptions/sub/providers/Microsoft.Authorization/roleDefinitions/${id}`;
}

/** What azure-native fills in where a subnet is named by its id. */
export const subnetDefaults = {
  privateEndpointNetworkPolicies: 'Disabled',
  privateLinkServiceNetworkPolicies: 'Enabled',
};
