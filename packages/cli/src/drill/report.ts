import { formatTable } from '../table';
import type { Colors } from '../terminal';
import type { Check, Verdict } from './check';
import type { DrillReport } from './drill-report';

const head = ['verdict', 'endpoint', 'what', 'site', 'found'] as const;

/** A drill of one stack as people read it: what was promised, every check, and how many hold. */
export function formatDrill(report: DrillReport, colors: Colors): string {
  const { stack, sites, promised, checks } = report;
  const rows = checks.map(({ verdict, endpoint = '-', what, site = '-', found }) => [
    verdictColors(colors)[verdict](verdict),
    endpoint,
    what,
    site,
    found,
  ]);
  return [
    `${colors.bold(stack)} ${sites.map(({ id, place }) => `${id} (${place})`).join(', ')}; recovery.time ${promised.timeSeconds} s, recovery.point ${promised.pointSeconds} s`,
    colors.dim(`drilled ${report.startedAt} with manara ${report.manara}`),
    '',
    ...formatTable(head, rows).map((line) => `  ${line}`),
    '',
    summary(checks, colors),
  ].join('\n');
}

function verdictColors(colors: Colors): Record<Verdict, (text: string) => string> {
  return { ok: colors.green, open: colors.yellow, failed: colors.red };
}

function summary(checks: readonly Check[], colors: Colors): string {
  const count = (wanted: Verdict) => checks.filter(({ verdict }) => verdict === wanted).length;
  const text = `${checks.length} checks: ${count('ok')} ok, ${count('open')} open, ${count('failed')} failed`;
  if (count('failed') > 0) return colors.red(text);
  return count('open') > 0 ? colors.yellow(text) : colors.green(text);
}
