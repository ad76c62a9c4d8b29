export { AwsComponent } from './aws-component';
export type { AwsComponentArgs } from './aws-component';
export { ServingKeys } from './serving-keys';
export type { ServingKeysArgs } from './serving-keys';
