export { audit, formatViolation } from './audit';
export type { Audit, Finding, OpenQuestion, Violation } from './audit';
export { auditNotes, auditToJson } from './audit-json';
export type { AuditJson, FlowJson, NotAssessedJson, RuleJson, ViolationJson } from './audit-json';
export { hostOf } from './address';
export { addressRange } from './address-range';
export type { AddressRange } from './address-range';
export { DataClass } from './data-class';
export type { DataClassId } from './data-class';
export { endpointForms, regionOfHost } from './facts/endpoints';
export type { EndpointForm, RevealedRegion } from './facts/endpoints';
export { availabilityZones } from './facts/availability-zones';
export { gpuFact, gpuSources, gpus } from './facts/gpus';
export type { GpuFact } from './facts/gpus';
export { hostFact, hosts } from './facts/hosts';
export type { HostFact } from './facts/hosts';
export { offeringsAt, offeringSources, uaeOfferings } from './facts/instance-types';
export type { InstanceOffering, InstanceOfferings } from './facts/instance-types';
export type { PlaceFact } from './facts/place-fact';
export { places, placeSources } from './facts/places';
export type { Cloud } from './facts/places';
export { addressesOf, encryptions, flowKinds, mapAddresses } from './flow';
export type {
  AbsentFlow,
  DataFlow,
  DeclaredFlow,
  Encryption,
  FlowEnd,
  FlowKind,
  UndeclaredFlow,
} from './flow';
export { flowVerdict, lateNamesOf } from './flow-verdict';
export type { FlowVerdict } from './flow-verdict';
export { Jurisdiction } from './jurisdiction';
export type { JurisdictionId } from './jurisdiction';
export { isLate, lateMarker, lateNamesIn } from './late-marker';
export { isOnPrem, parsePlace, placeFact } from './place';
export type { CloudPlace, OnPremPlace, Place } from './place';
export { ResidencyError, residencyErrorCodes } from './residency-error';
export type { ResidencyErrorCode } from './residency-error';
export type { Rule, Verdict } from './rule';
export { rules } from './rules';
export { declaration } from './source';
export type { Source, Standing } from './source';
export { isInsideUae, jurisdictionOf, validateZone } from './zone';
export type { ResidencyZone, Transfer } from './zone';
