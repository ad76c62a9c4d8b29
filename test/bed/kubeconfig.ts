import { writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import type { ApiAddress } from './api-server';
import { type ClientCertificate, type ExecPlugin, runExecPlugin } from './exec-credential';

/** Writes a kubeconfig with a context for each API server; only this user may read it. */
export function writeKubeconfig(
  file: string,
  servers: Readonly<Record<string, ApiAddress>>,
  currentContext?: string,
): void {
  const entries = Object.entries(servers);
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: entries.map(([name, { url, authority }]) => ({
      name,
      cluster: { server: url, 'certificate-authority-data': authority.toString('base64') },
    })),
    users: entries.map(([name, { certificate, key }]) => ({
      name,
      user: {
        'client-certificate-data': certificate.toString('base64'),
        'client-key-data': key.toString('base64'),
      },
    })),
    contexts: entries.map(([name]) => ({ name, context: { cluster: name, user: name } })),
    ...(currentContext !== undefined && { 'current-context': currentContext }),
  };
  writeFileSync(file, stringify(kubeconfig), { mode: 0o600 });
}

interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly contexts?: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string };
  }[];
  readonly clusters?: readonly {
    readonly name: string;
    readonly cluster: Readonly<Record<string, string>>;
  }[];
  readonly users?: readonly { readonly name: string; readonly user: User }[];
}

interface User {
  readonly 'client-certificate-data'?: string;
  readonly 'client-key-data'?: string;
  readonly exec?: ExecPlugin;
}

/**
 * The API server of a context, with the credential that stands in the kubeconfig or that its command
 * gives. There are no tokens.
 *
 * @throws Error naming what the kubeconfig lacks
 */
export function readKubeconfig(text: string, context?: string): ApiAddress {
  const { url, authority, userName, user } = entryOf(text, context);
  return { url, authority, ...credentialOf(user, userName) };
}

/** Address of the API server of a context; no command is run for it. */
export function serverIn(text: string, context?: string): string {
  return entryOf(text, context).url;
}

function entryOf(text: string, context: string | undefined) {
  const config = (parse(text) as Kubeconfig | null) ?? {};
  const name = context ?? config['current-context'];
  if (name === undefined) throw new Error('kubeconfig: no context given, and no current-context');
  const found = named(config.contexts, 'context', name).context;
  const { cluster } = named(config.clusters, 'cluster', found.cluster);
  const { user } = named(config.users, 'user', found.user);
  const authority = field(cluster, 'certificate-authority-data', found.cluster);
  return {
    url: field(cluster, 'server', found.cluster),
    authority: Buffer.from(authority, 'base64'),
    userName: found.user,
    user,
  };
}

function credentialOf({ exec, ...inline }: User, name: string): ClientCertificate {
  if (exec !== undefined) return runExecPlugin(exec);
  return {
    certificate: Buffer.from(field(inline, 'client-certificate-data', name), 'base64'),
    key: Buffer.from(field(inline, 'client-key-data', name), 'base64'),
  };
}

function named<Entry extends { readonly name: string }>(
  entries: readonly Entry[] = [],
  what: string,
  name: string,
): Entry {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry !== undefined) return entry;
  const names = entries.map((candidate) => candidate.name).join(', ');
  throw new Error(`kubeconfig: no ${what} "${name}"; there are: ${names || 'none'}`);
}

function field(
  entry: Readonly<Record<string, string | undefined>>,
  name: string,
  owner: string,
): string {
  const value = entry[name];
  if (value === undefined) throw new Error(`kubeconfig: "${owner}" has no ${name}`);
  return value;
}
