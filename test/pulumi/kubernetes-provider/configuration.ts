import { existsSync, readFileSync } from 'node:fs';
import { type ApiAddress } from '../../bed/api-server';
import { readKubeconfig, serverIn } from '../../bed/kubeconfig';
import type { JsonObject } from '../plugin/json';
import { routed } from './routes';

/** Options of `kubernetes.Provider` that the stand-in knows, with the official defaults. */
export interface Configuration {
  readonly address: ApiAddress;
  /** A create updates an object that is there already, instead of failing. */
  readonly upsertExistingObjects: boolean;
  /** An apply takes fields over from other managers, instead of failing. */
  readonly enablePatchForce: boolean;
  readonly enableConfigMapMutable: boolean;
  readonly enableSecretMutable: boolean;
}

/** @throws Error for an option that it does not know: to ignore it would prove nothing */
export function configuration(args: JsonObject): Configuration {
  const { kubeconfig, context, ...rest } = args;
  const flag = (name: string): boolean => rest[name] === true || rest[name] === 'true';
  const unknown = Object.keys(rest).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `this stand-in for the Kubernetes provider has no option ${unknown.join(', ')}; it has kubeconfig, context, ${known.join(', ')}`,
    );
  }
  return {
    address: addressOf(kubeconfig, context),
    upsertExistingObjects: flag('upsertExistingObjects'),
    enablePatchForce: flag('enablePatchForce'),
    enableConfigMapMutable: flag('enableConfigMapMutable'),
    enableSecretMutable: flag('enableSecretMutable'),
  };
}

/** The API server that the options lead to, with the credential that they give. */
export function addressOf(kubeconfig: unknown, context: unknown): ApiAddress {
  const address = readKubeconfig(contentOf(kubeconfig), contextOf(context));
  return { ...address, url: routed(address.url, process.env) };
}

/** Its address alone, which asks nobody for a credential. */
export function serverOf(kubeconfig: unknown, context: unknown): string {
  return serverIn(contentOf(kubeconfig), contextOf(context));
}

function contentOf(kubeconfig: unknown): string {
  if (typeof kubeconfig !== 'string') {
    throw new Error('kubeconfig: expected a path or the text of a kubeconfig; received none');
  }
  return existsSync(kubeconfig) ? readFileSync(kubeconfig, 'utf8') : kubeconfig;
}

function contextOf(context: unknown): string | undefined {
  return typeof context === 'string' ? context : undefined;
}

const known = [
  'upsertExistingObjects',
  'enablePatchForce',
  'enableConfigMapMutable',
  'enableSecretMutable',
  'version',
];
