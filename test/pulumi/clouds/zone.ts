import { ResidencyZone } from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App } from 'cdk8s';

export type UaePlace = 'aws:me-central-1' | 'azure:uaenorth';
export type Zone = ResidencyZone<UaePlace>;

export function uae(): Zone {
  return new ResidencyZone(new App(), 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.PERSONAL],
  });
}
