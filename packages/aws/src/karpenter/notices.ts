import { EventRule, EventTarget } from '@pulumi/aws/cloudwatch';
import type { Key } from '@pulumi/aws/kms';
import { Queue, QueuePolicy } from '@pulumi/aws/sqs';
import type { ChildContext } from '../aws-component';
import { noticePatterns } from '../facts/karpenter';
import { policyDocument } from '../support/policy';

/** A queue that EC2's notices of interruption go to, for Karpenter to empty nodes before they are taken. */
export function addNotices({ name, region, tags, child }: ChildContext, key: Key): Queue {
  const queue = new Queue(
    `${name}-notices`,
    {
      // A notice that is older is of a node that is gone.
      messageRetentionSeconds: 300,
      kmsMasterKeyId: key.arn,
      region,
      tags,
    },
    child,
  );
  const rules = Object.entries(noticePatterns).map(([notice, pattern]) => ({
    id: `${name}-${notice}`,
    rule: new EventRule(
      `${name}-${notice}`,
      { eventPattern: JSON.stringify(pattern), region, tags },
      child,
    ),
  }));
  const policy = new QueuePolicy(
    `${name}-notices`,
    {
      queueUrl: queue.url,
      policy: policyDocument(
        {
          Sid: 'FromTheRules',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queue.arn,
          Condition: { ArnEquals: { 'aws:SourceArn': rules.map(({ rule }) => rule.arn) } },
        },
        {
          Sid: 'OverTls',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sqs:*',
          Resource: queue.arn,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ),
      region,
    },
    child,
  );
  for (const { id, rule } of rules) {
    new EventTarget(
      id,
      { rule: rule.name, arn: queue.arn, region },
      { ...child, dependsOn: [policy] },
    );
  }
  return queue;
}
