import type { ApiObject } from 'cdk8s';
import { recordAt } from '../manifest';
import type { Site } from '../site';
import type { Runbook } from './dossier-part';
import { kubectl, objectName } from './shell';
import { say } from './text';

/** What people do about a job of the tree that copies something, where there is one among the objects. */
export function copyRunbooks(
  site: Site,
  objects: readonly ApiObject[],
  title: string,
): readonly Runbook[] {
  return objects
    .filter(({ kind }) => kind === 'CronJob')
    .map((job) => {
      const schedule = recordAt(job.toJson(), 'spec')?.schedule;
      const now = `job/${job.name}-now`;
      return {
        practice: 'continuity',
        title,
        when: say`A pod does not start for want of what ${job.name} brings, or its last run is older than its schedule, ${String(schedule)}`,
        steps: [
          {
            does: say`When did it last run, and how did its runs end?`,
            commands: [
              kubectl(site, 'get', objectName(job)),
              kubectl(site, 'get', 'jobs', '--sort-by=.status.startTime'),
            ],
          },
          {
            does: say`Run it now, and read along. Remove the run afterwards`,
            commands: [
              kubectl(site, 'create', 'job', `${job.name}-now`, `--from=${objectName(job)}`),
              kubectl(site, 'logs', '-f', now, '--all-containers'),
              kubectl(site, 'delete', now),
            ],
          },
        ],
      };
    });
}
