import type { LoweredWorkload } from '../../engines/lowering';
import type { Alert, Recording } from './alert';
import { degradationAlerts } from './degradation-rules';
import { driftAlerts } from './drift-rules';
import { objectiveAlerts, objectiveRecordings } from './objective-rules';
import { presenceAlerts } from './presence-rules';
import { saturationAlerts, saturationRecordings } from './saturation-rules';

/** What Prometheus computes of an endpoint before it judges or shows it. */
export function endpointRecordings(workload: LoweredWorkload): readonly Recording[] {
  return [...objectiveRecordings(workload), ...saturationRecordings(workload)];
}

/** Every alert of an endpoint: what it promises, and what its server does besides, decide which there are. */
export function endpointAlerts(workload: LoweredWorkload): readonly Alert[] {
  return [
    ...objectiveAlerts(workload),
    ...presenceAlerts(workload),
    ...saturationAlerts(workload),
    ...driftAlerts(workload),
    ...degradationAlerts(workload),
  ];
}
