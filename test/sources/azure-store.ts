import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { azureBlobEnvironment } from '@manara/contract';
import { cacheFolder } from '../support/cache';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';
import { repositoryRoot } from '../support/paths';
import type { Store } from './stores';

/** The emulator's well-known account and key. Source: Microsoft Learn, "Azurite"; read 2026-11. */
export const account = 'devstoreaccount1';
const key =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const container = 'models';

/** Path of the emulator's program, installed into the cache from its own lock file. */
function azuriteProgram(): string {
  const own = join(repositoryRoot, 'test/sources/azurite');
  const lock = readFileSync(join(own, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const folder = cacheFolder('azurite', digest);
  if (!existsSync(folder)) {
    const partial = `${folder}.${process.pid}`;
    mkdirSync(partial, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) {
      cpSync(join(own, file), join(partial, file));
    }
    console.error('azurite: installing it from test/sources/azurite/package-lock.json');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', ['ci', ...quiet], { cwd: partial, stdio: ['ignore', 'ignore', 'inherit'] });
    // Whole or not at all; another run may have been first.
    if (existsSync(folder)) rmSync(partial, { recursive: true });
    else renameSync(partial, folder);
  }
  return join(folder, 'node_modules/azurite/dist/src/blob/main.js');
}

/** Connects as the emulator's own account, at the port where it answers. */
export function connectionTo(port: number, protocol = 'http'): string {
  return [
    `DefaultEndpointsProtocol=${protocol}`,
    `AccountName=${account}`,
    `AccountKey=${key}`,
    `BlobEndpoint=${protocol}://127.0.0.1:${port}/${account}`,
  ].join(';');
}

/** Azurite, Microsoft's emulator of Azure Blob Storage. */
export async function azureStore(folder: string, ...flags: readonly string[]): Promise<Store> {
  const [port = 0] = await freePorts(1);
  const args = [
    azuriteProgram(),
    ...['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--silent'],
    ...['--blobHost', '127.0.0.1', '--blobPort', String(port)],
    ...flags,
  ];
  const child = Child.start('azurite', process.execPath, args, {
    logFile: join(folder, `azurite-${port}.log`),
  });
  await child.until(() => Promise.resolve(child.output.includes('successfully listens')), 60_000);
  const protocol = flags.includes('--cert') ? 'https' : 'http';
  const service = BlobServiceClient.fromConnectionString(connectionTo(port, protocol));
  return {
    name: 'Azure Blob Storage',
    child,
    port,
    environment: (at) => ({ [azureBlobEnvironment.connectionString]: connectionTo(at, protocol) }),
    publish: async (name, content) => {
      const models = service.getContainerClient(container);
      await models.createIfNotExists();
      await models.getBlockBlobClient(name).uploadData(content);
      return () => `azblob://${account}/${container}/${name}`;
    },
  };
}
