import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineEnvironment } from '@manara/contract';
import { Child } from '../../../support/child';
import { pythonWith } from '../../../support/python';
import type { BenchModel } from '../bench-model';
import type { Served } from '../contender';
import { peersFolder } from '../paths';
import { killTree } from '../process-tree';
import { portAnswers } from './port-answers';

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface PythonPeer {
  readonly name: string;
  /** Name of its requirements: `servers/requirements-NAME.txt`. */
  readonly requirements: string;
  readonly model: BenchModel;
  readonly ports: Served['ports'];
  /** What to run, given the Python of the requirements and a folder that is the run's own. */
  readonly launch: (python: string, folder: string) => Launch;
}

/** The first start of a server that loads itself from a cold disk. */
const startMillis = 90_000;

/** Installs a peer where it is not installed yet, and starts it. */
export async function startPythonPeer(peer: PythonPeer): Promise<Served | undefined> {
  const python = installed(peer);
  if (python === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), `manara-peer-${peer.name}-`));
  const { command, args, env } = peer.launch(python, folder);
  const child = Child.start(peer.name, command, args, {
    logFile: join(folder, 'log'),
    env: {
      ...process.env,
      ...engineEnvironment,
      OMP_NUM_THREADS: '1',
      PEER_MODEL: peer.model.file,
      PYTHONPATH: join(peersFolder, 'servers'),
      PYTHONDONTWRITEBYTECODE: '1',
      ...env,
    },
  });
  const pid = child.pid ?? 0;
  const kill = () => {
    killTree(pid);
  };
  // Before the child's own end, after which nobody could tell whose its children are.
  process.prependOnceListener('exit', kill);
  const stop = async () => {
    await child.stop();
    process.off('exit', kill);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const port of Object.values(peer.ports)) {
      await child.until(() => portAnswers(port), startMillis);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid, ports: peer.ports, stop };
}

function installed({ name, requirements }: PythonPeer): string | undefined {
  try {
    return pythonWith(join(peersFolder, 'servers', `requirements-${requirements}.txt`));
  } catch (error) {
    console.error(`skip: ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
