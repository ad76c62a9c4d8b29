import { spawnSync } from 'node:child_process';
import type { Finding } from './finding';

/** Grade of a check that an object passes. Source: kube-score 1.20, `scorecard.GradeAllOK`. */
const allOk = 10;

interface ScoredObject {
  readonly object_name: string;
  readonly type_meta: { readonly kind: string };
  readonly checks: readonly {
    readonly check: { readonly id: string; readonly name: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

/** Runs every check, the optional ones too, over the files of one site; annotations hide nothing. */
export function kubeScore(binary: string, files: readonly string[]): readonly Finding[] {
  const options = ['--output-format=json', '--all-default-optional', '--kubernetes-version=v1.36'];
  const { stdout, stderr, status } = spawnSync(
    binary,
    ['score', ...options, '--disable-ignore-checks-annotations', ...files],
    { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 },
  );
  // 1 stands for findings as well as for a failure; only findings come with a report.
  if (!stdout.startsWith('['))
    throw new Error(`kube-score: exit code ${String(status)}: ${stderr}`);
  const objects = JSON.parse(stdout) as readonly ScoredObject[];
  if (objects.length === 0) throw new Error(`kube-score found no object in ${files.join(' ')}`);
  return objects.flatMap((object) =>
    object.checks
      .filter(({ grade, skipped }) => grade < allOk && !skipped)
      .map(({ check, comments }) => ({
        tool: 'kube-score',
        check: check.id,
        kind: object.type_meta.kind,
        object: object.object_name,
        message:
          comments?.map(({ path, summary }) => `${path}: ${summary}`).join('; ') ?? check.name,
      })),
  );
}
