import type { Source } from '../../source';
import type { PlaceFact } from '../place-fact';

/**
 * AWS regions of every partition that is reached over the internet (the `aws-iso` ones are not).
 * Names are AWS's own; the country is read off the name.
 */
export const awsPlaces = {
  'aws:af-south-1': { country: 'ZA', name: 'Africa (Cape Town)' },
  'aws:ap-east-1': { country: 'HK', name: 'Asia Pacific (Hong Kong)' },
  'aws:ap-east-2': { country: 'TW', name: 'Asia Pacific (Taipei)' },
  'aws:ap-northeast-1': { country: 'JP', name: 'Asia Pacific (Tokyo)' },
  'aws:ap-northeast-2': { country: 'KR', name: 'Asia Pacific (Seoul)' },
  'aws:ap-northeast-3': { country: 'JP', name: 'Asia Pacific (Osaka)' },
  'aws:ap-south-1': { country: 'IN', name: 'Asia Pacific (Mumbai)' },
  'aws:ap-south-2': { country: 'IN', name: 'Asia Pacific (Hyderabad)' },
  'aws:ap-southeast-1': { country: 'SG', name: 'Asia Pacific (Singapore)' },
  'aws:ap-southeast-2': { country: 'AU', name: 'Asia Pacific (Sydney)' },
  'aws:ap-southeast-3': { country: 'ID', name: 'Asia Pacific (Jakarta)' },
  'aws:ap-southeast-4': { country: 'AU', name: 'Asia Pacific (Melbourne)' },
  'aws:ap-southeast-5': { country: 'MY', name: 'Asia Pacific (Malaysia)' },
  'aws:ap-southeast-6': { country: 'NZ', name: 'Asia Pacific (New Zealand)' },
  'aws:ap-southeast-7': { country: 'TH', name: 'Asia Pacific (Thailand)' },
  'aws:ca-central-1': { country: 'CA', name: 'Canada (Central)' },
  'aws:ca-west-1': { country: 'CA', name: 'Canada West (Calgary)' },
  'aws:eu-central-1': { country: 'DE', name: 'Europe (Frankfurt)' },
  'aws:eu-central-2': { country: 'CH', name: 'Europe (Zurich)' },
  'aws:eu-north-1': { country: 'SE', name: 'Europe (Stockholm)' },
  'aws:eu-south-1': { country: 'IT', name: 'Europe (Milan)' },
  'aws:eu-south-2': { country: 'ES', name: 'Europe (Spain)' },
  'aws:eu-west-1': { country: 'IE', name: 'Europe (Ireland)' },
  'aws:eu-west-2': { country: 'GB', name: 'Europe (London)' },
  'aws:eu-west-3': { country: 'FR', name: 'Europe (Paris)' },
  'aws:il-central-1': { country: 'IL', name: 'Israel (Tel Aviv)' },
  'aws:me-central-1': {
    country: 'AE',
    name: 'Middle East (UAE)',
    zones: ['mec1-az1', 'mec1-az2', 'mec1-az3'],
  },
  'aws:me-south-1': { country: 'BH', name: 'Middle East (Bahrain)' },
  'aws:me-west-1': { country: 'SA', name: 'Middle East (Saudi Arabia)' },
  'aws:mx-central-1': { country: 'MX', name: 'Mexico (Central)' },
  'aws:sa-east-1': { country: 'BR', name: 'South America (Sao Paulo)' },
  'aws:sa-west-1': { country: 'CL', name: 'South America (Chile)' },
  'aws:us-east-1': { country: 'US', name: 'US East (N. Virginia)' },
  'aws:us-east-2': { country: 'US', name: 'US East (Ohio)' },
  'aws:us-west-1': { country: 'US', name: 'US West (N. California)' },
  'aws:us-west-2': { country: 'US', name: 'US West (Oregon)' },
  'aws:cn-north-1': { country: 'CN', name: 'China (Beijing)' },
  'aws:cn-northwest-1': { country: 'CN', name: 'China (Ningxia)' },
  'aws:eusc-de-east-1': { country: 'DE', name: 'AWS European Sovereign Cloud (Germany)' },
  'aws:us-gov-east-1': { country: 'US', name: 'AWS GovCloud (US-East)' },
  'aws:us-gov-west-1': { country: 'US', name: 'AWS GovCloud (US-West)' },
} as const satisfies Readonly<Record<`aws:${string}`, PlaceFact>>;

export const awsSources: readonly Source[] = [
  {
    title: 'botocore 1.44.5, data/partitions.json',
    where: 'botocore on PyPI',
    standing: 'primary',
    read: '2026-11-22',
  },
  {
    title: 'AWS Availability Zones: ids and geography of me-central-1',
    where: 'docs.aws.amazon.com',
    standing: 'primary',
    read: '2026-11-22',
  },
];
