import type { Place } from '@manara/residency';
import { ConstructError } from '../construct-error';
import { imageGrammar } from '../image-name';
import { hasLate } from '../late/late';
import { schemeOf } from './uri';

/** What says where a store is, and who else answers for it. */
export interface StoreProps {
  readonly place: Place;
  readonly uri: string;
  readonly leadsTo?: readonly string[];
  readonly loginSecret?: string;
}

/** Names of storage accounts and containers. Source: Microsoft Learn, read 2026-11. */
const azureContainer = /^azblob:\/\/[a-z0-9]{3,24}\/[a-z0-9](?:-?[a-z0-9]){2,62}(?:\/|$)/;

/**
 * Checks what is said of a store on Azure and of a registry.
 *
 * @throws ConstructError MANARA_URI
 */
export function validateStore({ place, uri, leadsTo = [], loginSecret }: StoreProps): void {
  const scheme = schemeOf(uri);
  if (scheme === 'azblob:') {
    if (!hasLate(uri) && !azureContainer.test(uri)) {
      refuse('uri', `expected azblob://<storage account>/<container>, received "${uri}"`);
    }
    if (!place.startsWith('azure:')) {
      refuse(
        'place',
        `"${uri}" is a store of Azure; expected a place of azure:, received ${place}`,
      );
    }
  }
  if (scheme === 'oci:' && !hasLate(uri) && !isRepository(uri)) {
    refuse('uri', `expected oci://<host>/<repository>, received "${uri}"`);
  }
  if (loginSecret !== undefined && scheme !== undefined && scheme !== 'oci:') {
    refuse(
      'loginSecret',
      `expected none beside "${uri}", which is no registry; received "${loginSecret}"`,
    );
  }
  if (leadsTo.length > 0 && scheme !== undefined && scheme !== 'oci:' && scheme !== 'https:') {
    refuse('leadsTo', `expected none beside "${uri}", whose readers are led nowhere`);
  }
  for (const host of leadsTo) {
    if (URL.canParse(`https://${host}`) && new URL(`https://${host}`).host === host) continue;
    refuse('leadsTo', `expected a host such as tokens.bank.example:8443, received "${host}"`);
  }
}

function isRepository(uri: string): boolean {
  const [, host, repository] = /^oci:\/\/([^/]+)\/(.+?)\/*$/.exec(uri) ?? [];
  if (host === undefined || repository === undefined) return false;
  return /^[\w.-]+(:\d{1,5})?$/.test(host) && imageGrammar.name.test(repository);
}

function refuse(prop: string, message: string): never {
  throw new ConstructError('MANARA_URI', 'ModelBucket', `${prop}: ${message}`);
}
