/**
 * The server image's fetch mode, run as a pod's init container: `manara-server fetch --config FILE
 * --model-repository DIR` brings every version that the configuration lists from its `uri` into the
 * repository, checks its digest, and puts it in place in one step.
 */
export const fetchCommand = 'fetch';

/** URI schemes that fetch mode can read. */
export const fetchSchemes = ['https:', 's3:', 'azblob:', 'oci:', 'file:'] as const;

/**
 * Environment variables that fetch mode's S3 client reads, beside those of its credentials.
 * Source: AWS SDKs and Tools Reference Guide, "AWS Region" and "Service-specific endpoints"; read
 * 2026-11.
 */
export const s3Environment = { region: 'AWS_REGION', endpoint: 'AWS_ENDPOINT_URL_S3' } as const;

/**
 * Environment variables that fetch mode's client of Azure Blob Storage reads, beside those of its
 * credentials. Source: Azure CLI, "az storage", global parameters; read 2026-11.
 */
export const azureBlobEnvironment = {
  connectionString: 'AZURE_STORAGE_CONNECTION_STRING',
  endpoint: 'AZURE_STORAGE_SERVICE_ENDPOINT',
} as const;

/** Flags of both modes, as constructs write them and the server parses them. */
export const flags = {
  config: '--config',
  modelRepository: '--model-repository',
  /** Of fetch mode, repeatable: a host that a source may lead to besides its own. */
  allowHost: '--allow-host',
} as const;

/** Exit codes of `manara-server`, for scripts and for `kubectl describe pod`. */
export const exitCodes = {
  ok: 0,
  /** Something failed that may work later. */
  failure: 1,
  /** The command line or the configuration is wrong; trying again will not help. */
  usage: 2,
} as const;
