import { ResidencyZone } from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import type { App } from 'cdk8s';

/** Where the bank may keep data. */
export type BankPlace = 'aws:me-central-1' | 'azure:uaenorth';

export type BankZone = ResidencyZone<BankPlace>;

/** The bank's legal boundary: two clouds inside the UAE. */
export function bankZone(app: App): BankZone {
  return new ResidencyZone(app, 'uae-bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.PERSONAL, DataClass.FINANCIAL],
  });
}
