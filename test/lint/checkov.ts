import { spawnSync } from 'node:child_process';
import type { Finding } from './finding';

interface FailedCheck {
  readonly check_id: string;
  readonly check_name: string;
  /** `Deployment.bank.fraud`; of a pod made from a template, the pod's owner with a suffix. */
  readonly resource: string;
}

interface Report {
  readonly results?: {
    readonly failed_checks?: readonly FailedCheck[];
    readonly skipped_checks?: readonly FailedCheck[];
  };
  readonly summary?: { readonly parsing_errors: number; readonly resource_count: number };
}

/** Runs every Kubernetes check over a folder; a check that an annotation skips counts as failed. */
export function checkov(python: string, folder: string): readonly Finding[] {
  const { stdout, stderr, status } = spawnSync(
    python,
    [
      '-m',
      'checkov.main',
      '--directory',
      folder,
      '--framework',
      'kubernetes',
      '--output',
      'json',
    ].concat(
      // Nothing is sent or fetched: the checks are inside the package.
      ['--quiet', '--compact', '--skip-download'],
    ),
    { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 },
  );
  if (!stdout.trimStart().startsWith('{')) {
    throw new Error(`checkov: exit code ${String(status)}: ${stderr || stdout}`);
  }
  const { results, summary } = JSON.parse(stdout) as Report;
  if (summary === undefined || summary.resource_count === 0 || summary.parsing_errors > 0) {
    throw new Error(`checkov did not read every manifest in ${folder}: ${JSON.stringify(summary)}`);
  }
  const failed = [...(results?.failed_checks ?? []), ...(results?.skipped_checks ?? [])];
  return failed.map(({ check_id, check_name, resource }) => ({
    tool: 'checkov',
    check: check_id,
    kind: resource.split('.', 1)[0] ?? resource,
    object: resource,
    message: check_name,
  }));
}
