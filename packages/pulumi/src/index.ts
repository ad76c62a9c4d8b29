export { deploy } from './deploy';
export type { DeployedTree, DeployOptions } from './deploy';
export { DeployError } from './deploy-error';
export type { DeployErrorCode } from './deploy-error';
export type { ProviderOptions } from './site-providers';
