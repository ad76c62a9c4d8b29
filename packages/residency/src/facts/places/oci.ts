import type { Source } from '../../source';
import type { PlaceFact } from '../place-fact';

/**
 * Oracle Cloud regions of the commercial realm (OC1); realms run for one customer or government are
 * left out. The country is read off the city in the region's identifier, for the UAE and Riyadh off
 * Oracle's own name.
 */
export const ociPlaces = {
  'oci:af-casablanca-1': { country: 'MA', name: 'Casablanca' },
  'oci:af-johannesburg-1': { country: 'ZA', name: 'Johannesburg' },
  'oci:ap-batam-1': { country: 'ID', name: 'Batam' },
  'oci:ap-chuncheon-1': { country: 'KR', name: 'Chuncheon' },
  'oci:ap-delhi-1': { country: 'IN', name: 'Delhi' },
  'oci:ap-hyderabad-1': { country: 'IN', name: 'Hyderabad' },
  'oci:ap-kulai-2': { country: 'MY', name: 'Kulai' },
  'oci:ap-melbourne-1': { country: 'AU', name: 'Melbourne' },
  'oci:ap-mumbai-1': { country: 'IN', name: 'Mumbai' },
  'oci:ap-osaka-1': { country: 'JP', name: 'Osaka' },
  'oci:ap-seoul-1': { country: 'KR', name: 'Seoul' },
  'oci:ap-singapore-1': { country: 'SG', name: 'Singapore' },
  'oci:ap-singapore-2': { country: 'SG', name: 'Singapore' },
  'oci:ap-sydney-1': { country: 'AU', name: 'Sydney' },
  'oci:ap-tokyo-1': { country: 'JP', name: 'Tokyo' },
  'oci:ca-montreal-1': { country: 'CA', name: 'Montréal' },
  'oci:ca-toronto-1': { country: 'CA', name: 'Toronto' },
  'oci:eu-amsterdam-1': { country: 'NL', name: 'Amsterdam' },
  'oci:eu-frankfurt-1': { country: 'DE', name: 'Frankfurt' },
  'oci:eu-madrid-1': { country: 'ES', name: 'Madrid' },
  'oci:eu-madrid-3': { country: 'ES', name: 'Madrid' },
  'oci:eu-marseille-1': { country: 'FR', name: 'Marseille' },
  'oci:eu-milan-1': { country: 'IT', name: 'Milan' },
  'oci:eu-paris-1': { country: 'FR', name: 'Paris' },
  'oci:eu-stockholm-1': { country: 'SE', name: 'Stockholm' },
  'oci:eu-turin-1': { country: 'IT', name: 'Turin' },
  'oci:eu-zurich-1': { country: 'CH', name: 'Zurich' },
  'oci:il-jerusalem-1': { country: 'IL', name: 'Jerusalem' },
  'oci:me-abudhabi-1': { country: 'AE', name: 'UAE Central (Abu Dhabi)' },
  'oci:me-dubai-1': { country: 'AE', name: 'UAE East (Dubai)' },
  'oci:me-jeddah-1': { country: 'SA', name: 'Jeddah' },
  'oci:me-riyadh-1': { country: 'SA', name: 'Saudi Arabia Central (Riyadh)' },
  'oci:mx-monterrey-1': { country: 'MX', name: 'Monterrey' },
  'oci:mx-queretaro-1': { country: 'MX', name: 'Querétaro' },
  'oci:sa-bogota-1': { country: 'CO', name: 'Bogotá' },
  'oci:sa-santiago-1': { country: 'CL', name: 'Santiago' },
  'oci:sa-saopaulo-1': { country: 'BR', name: 'São Paulo' },
  'oci:sa-valparaiso-1': { country: 'CL', name: 'Valparaíso' },
  'oci:sa-vinhedo-1': { country: 'BR', name: 'Vinhedo' },
  'oci:uk-cardiff-1': { country: 'GB', name: 'Newport' },
  'oci:uk-london-1': { country: 'GB', name: 'London' },
  'oci:us-ashburn-1': { country: 'US', name: 'Ashburn' },
  'oci:us-chicago-1': { country: 'US', name: 'Chicago' },
  'oci:us-phoenix-1': { country: 'US', name: 'Phoenix' },
  'oci:us-saltlake-2': { country: 'US', name: 'Salt Lake City' },
  'oci:us-sanjose-1': { country: 'US', name: 'San Jose' },
} as const satisfies Readonly<Record<`oci:${string}`, PlaceFact>>;

export const ociSources: readonly Source[] = [
  {
    title: 'oci 2.189.0, regions_definitions.py',
    where: 'oci on PyPI',
    standing: 'primary',
    read: '2026-11-22',
  },
  {
    title: 'OCI Generative AI, Regions: names of me-abudhabi-1, me-dubai-1 and me-riyadh-1',
    where: 'docs.oracle.com',
    standing: 'primary',
    read: '2026-11-22',
  },
];
