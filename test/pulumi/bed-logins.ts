import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiAddress } from '../bed/api-server';
import { execCredential } from '../bed/exec-credential';
import type { Engine } from './engine';

/** The cluster `dubai` that the recorded AWS makes turns out to be one of the bed. */
export function leadEksToBed(engine: Engine, bed: ApiAddress): void {
  engine.aws.give('aws:eks/cluster:Cluster', 'dubai', {
    endpoint: bed.url,
    certificateAuthority: { data: bed.authority.toString('base64') },
  });
  addLogin(engine, 'aws', 'eks get-token --region me-central-1 --cluster-name dubai', bed);
}

/** A command that gives the bed's credential where it is called with these arguments, a shell's pattern. */
export function addLogin(engine: Engine, command: string, args: string, address: ApiAddress): void {
  const credential = join(engine.folder, `${command}-credential.json`);
  writeFileSync(credential, execCredential(address), { mode: 0o600 });
  const executable = join(engine.folder, 'bin', command);
  writeFileSync(
    executable,
    `#!/bin/sh
case "$*" in
  ${args.replaceAll(' ', '\\ ')}) exec cat "${credential}" ;;
esac
echo "expected ${command} ${args}; received $*" >&2
exit 1
`,
  );
  chmodSync(executable, 0o755);
}
