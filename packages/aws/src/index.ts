export { AwsComponent } from './aws-component';
export type { AwsComponentArgs } from './aws-component';
export { ServingKeys } from './serving-keys';
export type { ServingKeysArgs } from './serving-keys';
export { ServingNetwork } from './serving-network';
export type { ServingNetworkArgs } from './network/network-args';
export type { InternetAccess, InternetDestination } from './network/internet';
export { endpointServices, endpointServiceSources } from './facts/endpoint-services';
export type { EndpointService, EndpointServiceFact } from './facts/endpoint-services';
