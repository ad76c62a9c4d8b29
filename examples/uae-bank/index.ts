export { bank } from './bank';
export type { Bank, BankOptions, FraudVersion } from './bank';
export { existingStores } from './stores';
export type { BankStores, StoreAddresses } from './stores';
export { bankZone } from './zone';
export type { BankPlace, BankZone } from './zone';
