import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type Answers, record, recordRefusal, type Registered } from '@manara/pulumi-testing';
import * as pulumi from '@pulumi/pulumi';
import { parse } from 'yaml';

export const repositoryRoot = resolve(__dirname, '../../../../..');

/** Values of settings by their keys, without the project's name. */
export type Values = Readonly<Record<string, unknown>>;

interface Project {
  readonly name: string;
  readonly main: string;
  readonly config: Readonly<Record<string, { readonly default?: unknown }>>;
}

function readYaml(file: string): unknown {
  return parse(readFileSync(join(repositoryRoot, file), 'utf8'));
}

const project = readYaml('Pulumi.yaml') as Project;

/** What a stack's file says, over the defaults of `Pulumi.yaml`, as the engine reads them. */
export function settingsOf(stack: 'development' | 'production'): Values {
  const { config } = readYaml(`Pulumi.${stack}.yaml`) as { readonly config: Values };
  const prefix = `${project.name}:`;
  const own = Object.entries(config).map(([key, value]) => [key.replace(prefix, ''), value]);
  return { ...defaults(), ...(Object.fromEntries(own) as Values) };
}

/** Every key that `Pulumi.yaml` declares. */
export function declaredKeys(): readonly string[] {
  return Object.keys(project.config);
}

export function defaults(): Values {
  const given = Object.entries(project.config).flatMap(([key, { default: value }]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return Object.fromEntries(given);
}

/** Gives the mocked engine a configuration, of which some keys were set with `--secret`. */
export function configure(values: Values, secrets: readonly string[] = []): void {
  const fullKey = (key: string) => `${pulumi.getProject()}:${key}`;
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        fullKey(key),
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
    secrets.map(fullKey),
  );
}

/** What the program registers, and its outputs. */
export interface Run {
  readonly registered: readonly Registered[];
  readonly outputs: { readonly values: Readonly<Record<string, pulumi.Output<string>>> };
}

/** Runs the program that `Pulumi.yaml` names under Pulumi's mocks. */
export async function run(values: Values): Promise<Run> {
  const { registered, result } = await record(() => program(values), answers);
  return { registered, outputs: result as Run['outputs'] };
}

/** Runs it where it must refuse. */
export function runRefused(values: Values): ReturnType<typeof recordRefusal> {
  return recordRefusal(() => program(values), answers);
}

function program(values: Values): unknown {
  configure(values);
  const main = join(repositoryRoot, project.main);
  const load = createRequire(main);
  // The program runs whenever it is loaded anew.
  Reflect.deleteProperty(load.cache, main);
  return load(main);
}

/** What the two clouds would answer. */
const answers: Answers = {
  calls: {
    'aws:index/getCallerIdentity:getCallerIdentity': { accountId: '111122223333' },
    'azure-native:authorization:getClientConfig': { subscriptionId: 'sub', tenantId: 'tenant' },
    'azure-native:containerservice:listManagedClusterUserCredentials': {
      kubeconfigs: [{ name: 'clusterUser', value: '' }],
    },
  },
  outputs: (type, name) => {
    if (type.startsWith('kubernetes:') || type.startsWith('pulumi:')) return {};
    return {
      ...(type.startsWith('aws:') ? { arn: `arn:${name}` } : {}),
      name: `${name}-name`,
      bucket: `${name}-1a2b3c`,
      loginServer: `${name}.azurecr.io`,
      clientId: `client-of-${name}`,
      principalId: `principal-of-${name}`,
      dnsEntries: [{ dnsName: `*.${name}.vpce.amazonaws.com` }],
      defaultRouteTableId: `${name}-main`,
      endpoint: `https://${name}.eks`,
      certificateAuthority: { data: 'Y2E=' },
      privateFQDN: `${name}.azmk8s.io`,
      properties: { vaultUri: `https://${name}.vault.azure.net/` },
      keyUri: `https://vault/keys/${name}`,
      keyUriWithVersion: `https://vault/keys/${name}/v1`,
      identity: { principalId: `principal-of-${name}` },
    };
  },
};
