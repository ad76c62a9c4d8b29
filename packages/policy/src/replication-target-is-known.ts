import type { PolicyResource, StackValidationPolicy } from '@pulumi/policy';
import type { Boundary } from './boundary';
import { explain } from './explain';
import { awsTypes, documented } from './policy-rule';
import { at, each, text } from './read';
import { type Resource, resourceOf } from './resource';
import { inTurn, known } from './unknown-value';

const sources = [
  documented(
    awsTypes,
    's3.BucketReplicationConfig, destination.bucket: an ARN, which has no region',
  ),
];

/**
 * An S3 replication rule names its target by an ARN, and a bucket's ARN has no region. The target is a
 * bucket of the same stack, which is judged where it is, or the pack says where it is. Only the whole
 * stack tells: Pulumi shows it to policies at the end of a preview, before anything is made.
 */
export function replicationTargetIsKnown({ located }: Boundary): StackValidationPolicy {
  return {
    name: 'replication-target-is-known',
    description: 'the bucket that objects are copied to is in a place that can be told',
    enforcementLevel: 'mandatory',
    validateStack: ({ resources }, report) => {
      const arns = new Set(resources.filter(isBucket).flatMap(arnsOf));
      for (const args of resources) {
        const inStack = Object.values(args.propertyDependencies).flat().some(isBucket);
        const targets = known(
          () => targetsOf(resourceOf(args)),
          (path) => {
            if (inStack) return;
            report(
              `${path} is not known, and is no bucket of this stack\n${fixFor('<arn>')}`,
              args.urn,
            );
          },
        );
        for (const arn of targets) {
          if (located.has(arn) || arns.has(arn)) continue;
          const because = `it copies objects to ${arn}, and nothing tells where that is`;
          report(explain({ because, fix: fixFor(arn) }, sources), args.urn);
        }
      }
    },
  };
}

function fixFor(arn: string): string {
  return `add located: { '${arn}': '<place>' } to the policy pack`;
}

function isBucket({ type }: PolicyResource): boolean {
  return /^aws:s3\/bucket(?:V2)?:/.test(type);
}

/** A bucket's ARN: an output once it is made, and until then what its name makes of it. */
function arnsOf({ props }: PolicyResource): readonly string[] {
  const arn = function* () {
    yield text(props.arn);
  };
  const name = function* () {
    const bucket = text(props.bucket);
    yield bucket === undefined ? undefined : `arn:aws:s3:::${bucket}`;
  };
  return [...known(() => inTurn([arn, name]))].filter((one) => one !== undefined);
}

function* targetsOf({ type, props }: Resource): Generator<string> {
  const rules =
    type === 'aws:s3:BucketReplicationConfig'
      ? props.rules
      : type === 'aws:s3:Bucket' || type === 'aws:s3:BucketV2'
        ? at(props.replicationConfiguration, 'rules')
        : undefined;
  yield* each(rules, function* (rule) {
    const arn = text(at(rule, 'destination', 'bucket'));
    if (arn !== undefined) yield arn;
  });
}
