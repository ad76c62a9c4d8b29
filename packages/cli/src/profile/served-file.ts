import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { flags, isModelName, modelFilePath } from '@manara/contract';
import { CliError, messageOf } from '../cli-error';
import { serverBinary } from '../dev/server-binary';
import { ServerProcess } from '../dev/server-process';

/** A server of its own for one model file. */
export interface ServedFile {
  readonly url: URL;
  readonly model: string;
  readonly coldStartSeconds: number;
  stop(): Promise<void>;
}

const name = 'model';

/**
 * Serves a file on free ports of this machine.
 *
 * @param onLog - receives each line that the server writes
 * @throws CliError where the file cannot be read or served
 */
export async function serveFile(file: string, onLog: (line: string) => void): Promise<ServedFile> {
  const folder = await mkdtemp(join(tmpdir(), 'manara-profile-'));
  const model = modelName(file);
  let server: ServerProcess | undefined;
  const stop = async (): Promise<void> => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const target = join(folder, modelFilePath(model, 1));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target).catch((error: unknown) => {
      throw new CliError(`cannot read "${file}": ${messageOf(error)}`, { cause: error });
    });
    const begun = performance.now();
    const ports = ['--http-port', '0', '--grpc-port', '0', '--metrics-port', '0'];
    const args = [flags.modelRepository, folder, '--exit-on-error', 'true', ...ports];
    server = new ServerProcess(serverBinary(dirname(resolve(file))), args, onLog);
    const { http } = await server.listening();
    const coldStartSeconds = (performance.now() - begun) / 1000;
    return { url: new URL(`http://${http ?? ''}`), model, coldStartSeconds, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function modelName(file: string): string {
  const base = basename(file).replace(/\.onnx$/, '');
  return isModelName(base) ? base : name;
}
