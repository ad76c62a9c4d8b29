import type { LogGroup } from '@pulumi/aws/cloudwatch';
import { FlowLog, type Vpc } from '@pulumi/aws/ec2';
import { Role, RolePolicy } from '@pulumi/aws/iam';
import { interpolate, type Output } from '@pulumi/pulumi';
import type { ChildContext } from '../aws-component';
import { policyDocument, trustOf } from '../support/policy';

/** Records every connection of a network, accepted or refused, in a log group. */
export function addFlowLogs(
  { name, region, tags, child }: ChildContext,
  {
    vpc,
    group,
    account,
  }: { readonly vpc: Vpc; readonly group: LogGroup; readonly account: Output<string> },
): void {
  const role = new Role(
    `${name}-flow-logs`,
    {
      description: `Writes the flow logs of ${name}`,
      assumeRolePolicy: trustOf('vpc-flow-logs.amazonaws.com', account),
      tags,
    },
    child,
  );
  const policy = new RolePolicy(
    `${name}-flow-logs`,
    {
      role: role.name,
      policy: policyDocument({
        Sid: 'WriteOneLogGroup',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Resource: [group.arn, interpolate`${group.arn}:*`],
      }),
    },
    child,
  );
  new FlowLog(
    `${name}-flow-logs`,
    {
      vpcId: vpc.id,
      trafficType: 'ALL',
      maxAggregationInterval: 60,
      logDestinationType: 'cloud-watch-logs',
      logDestination: group.arn,
      iamRoleArn: role.arn,
      region,
      tags,
    },
    { ...child, dependsOn: [policy] },
  );
}
