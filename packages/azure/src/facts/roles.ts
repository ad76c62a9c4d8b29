import type { Source } from '@manara/residency';

/** Built-in roles of Azure by what they are called there; their ids are the same everywhere. */
export const roles = {
  acrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  keyVaultContributor: 'f25e0fa2-a7c8-4377-a976-54943a77a395',
  keyVaultCryptoServiceEncryptionUser: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
  keyVaultCryptoUser: '12338af0-0e69-4776-bea7-57ae8d297424',
  managedIdentityOperator: 'f1a07417-d97a-45cb-824c-7a7467783830',
  networkContributor: '4d97b98b-1d4f-4787-a291-c67834d212e7',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
} as const;

export type Role = keyof typeof roles;

export const rolesSource: Source = {
  title:
    'Azure RBAC, Azure built-in roles; ids as they stand in public templates, most of them looked up',
  where: 'copies of MicrosoftDocs, and Bicep templates, on GitHub',
  standing: 'secondary',
  read: '2026-11-22',
};
