import type { Source } from '@manara/residency';

/** Built-in policies of Azure that compare a location with a list. */
export const policies = {
  allowedLocations: {
    id: 'e56962a6-4747-49cd-b67b-bf8b01975c4c',
    title: 'Allowed locations',
  },
  allowedGroupLocations: {
    id: 'e765b5de-1225-4ba3-bd56-1ac6695af988',
    title: 'Allowed locations for resource groups',
  },
} as const;

/**
 * What both leave open: a resource whose location is `global` is skipped, and a resource that is in an
 * allowed location may still send data abroad.
 */
export const policiesSource: Source = {
  title: 'Azure Policy, built-in policy definitions, General',
  where: 'learn.microsoft.com',
  standing: 'secondary',
  read: '2026-11-22',
};
