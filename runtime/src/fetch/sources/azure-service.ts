import { DefaultAzureCredential } from '@azure/identity';
import { BlobServiceClient } from '@azure/storage-blob';
import { azureBlobEnvironment } from '@manara/contract';
import { FetchError } from '../fetch-error';

const services = new Map<string, BlobServiceClient>();

/** Tries are counted in one place, around the whole download. */
const options = { retryOptions: { maxTries: 1 } };

/**
 * The client of a storage account; one for all versions in it, so that credentials are asked for once.
 *
 * @throws FetchError where the environment names another account
 */
export function serviceOf(uri: string, account: string): BlobServiceClient {
  const service = services.get(account) ?? connect(account);
  if (service.accountName !== account) {
    throw new FetchError(
      `${uri}: expected a connection to account "${account}", but the environment's (${Object.values(azureBlobEnvironment).join(', ')}) is to "${service.accountName}"`,
      false,
    );
  }
  services.set(account, service);
  return service;
}

function connect(account: string): BlobServiceClient {
  const connection = process.env[azureBlobEnvironment.connectionString] ?? '';
  if (connection !== '') return BlobServiceClient.fromConnectionString(connection, options);
  const endpoint = process.env[azureBlobEnvironment.endpoint] ?? '';
  // Unless told otherwise, only what servers have: no program of a developer's is run for its login.
  process.env.AZURE_TOKEN_CREDENTIALS ??= 'prod';
  return new BlobServiceClient(
    endpoint === '' ? `https://${account}.blob.core.windows.net` : endpoint,
    // What would tell the library whether an authority exists is another host, which nobody declared.
    new DefaultAzureCredential({ disableInstanceDiscovery: true }),
    options,
  );
}
