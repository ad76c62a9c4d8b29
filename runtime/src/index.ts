export { errorCodes, ServingError } from './errors';
export type { Endpoint, ServerOptions } from './options';
export type { ControlMode } from './repository/control';
export { RunningServer } from './running-server';
export type { ServerAddresses } from './running-server';
export { startServer } from './server';
export type { Surroundings } from './server';
export { RepositoryError, StartError } from './start-error';
