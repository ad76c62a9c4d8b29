export { DataClass, Jurisdiction } from '@manara/residency';
export type { BoundaryProps, ZoneProps } from './boundary';
export { ResidencyPolicyPack, residencyPolicies } from './pack';
export type { ResidencyPolicyPackProps } from './pack';
