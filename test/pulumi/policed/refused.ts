import { ModelBucket, ServingKeys, ServingNetwork } from '@manara/aws';
import type { Provider } from '@pulumi/kubernetes/provider';
import { RunError } from '@pulumi/pulumi';
import type { Zone } from '../clouds/zone';
import { endpoint } from './endpoint';

const place = 'aws:me-central-1';
/** A place that the compiler refuses, past a cast. */
const abroad = 'aws:eu-west-1' as typeof place;

/**
 * What our components refuse themselves, so that no pack ever sees it.
 *
 * @throws RunError with all of the refusals
 */
export function refused(zone: Zone, dubai: Provider): never {
  const keys = new ServingKeys('keys', { zone, place });
  const availabilityZones = ['mec1-az1', 'mec1-az2', 'mec1-az3'];
  const network = new ServingNetwork('net', {
    zone,
    place,
    keys,
    cidr: '10.20.0.0/16',
    availabilityZones,
  });
  const refusals = [
    () => new ModelBucket('abroad', { zone, place: abroad, keys, network }),
    () => {
      endpoint(zone, dubai, 'docker.io/library');
    },
  ].map(refusalOf);
  throw new RunError(refusals.join('\n'));
}

function refusalOf(make: () => unknown): string {
  try {
    make();
    return 'was not refused';
  } catch (error) {
    return String(error);
  }
}
