export { AzureComponent } from './azure-component';
export type { AzureComponentArgs } from './azure-component';
export { privateLinkServices, privateLinkSource } from './facts/private-link';
export type { PrivateLinkFact, PrivateLinkService } from './facts/private-link';
export { ServingKeys } from './serving-keys';
export type { ServingKey, ServingKeysArgs } from './serving-keys';
export { ServingNetwork } from './serving-network';
export type { NetworkWatcher, ServingNetworkArgs } from './network/network-args';
