import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { s3Environment } from '@manara/contract';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';
import { repositoryRoot } from '../support/paths';
import { pythonWith } from '../support/python';
import type { Store } from './stores';

const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
const region = 'me-central-1';
const bucket = 'bank-models';

/** moto's S3. `undefined`, with the reason on stderr, where there is no Python for it. */
export async function s3Store(folder: string): Promise<Store | undefined> {
  const python = pythonWith(join(repositoryRoot, 'test/sources/requirements.txt'));
  if (python === undefined) return undefined;
  const [port = 0] = await freePorts(1);
  const args = ['-m', 'moto.server', '--host', '127.0.0.1', '--port', String(port)];
  const child = Child.start('moto', python, args, { logFile: join(folder, 'moto.log') });
  const endpoint = `http://127.0.0.1:${port}`;
  await child.until(() => answers(endpoint), 60_000);
  const client = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
  await client.send(
    new CreateBucketCommand({
      Bucket: bucket,
      CreateBucketConfiguration: { LocationConstraint: region },
    }),
  );
  return {
    name: 'S3',
    child,
    port,
    environment: (at) => ({
      [s3Environment.region]: region,
      [s3Environment.endpoint]: `http://127.0.0.1:${at}`,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    }),
    publish: async (name, content) => {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: content }));
      return () => `s3://${bucket}/${name}`;
    },
  };
}

function answers(address: string): Promise<boolean> {
  return fetch(address).then(
    () => true,
    () => false,
  );
}
