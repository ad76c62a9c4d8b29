import { DataClass, Jurisdiction, ResidencyPolicyPack } from '@manara/policy';

const places = ['aws:me-central-1', 'azure:uaenorth'] as const;
const zone = { jurisdiction: Jurisdiction.AE_ONSHORE, places, data: [DataClass.PERSONAL] };
const located = { 'kubernetes:dubai': 'aws:me-central-1' } as const;
new ResidencyPolicyPack('uae', { zone, located });
