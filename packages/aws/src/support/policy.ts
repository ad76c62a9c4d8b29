import type { PolicyStatement } from '@pulumi/aws/iam';
import { jsonStringify, type Output } from '@pulumi/pulumi';

export type Statement = PolicyStatement;

/** A policy document as AWS takes it. */
export function policyDocument(...statements: readonly Statement[]): Output<string> {
  return jsonStringify({ Version: '2012-10-17', Statement: statements });
}

/**
 * Who may take on a role: a service of AWS.
 *
 * @param account on whose behalf alone, where the service says for whom it acts
 */
export function trustOf(service: string, account?: Output<string>): Output<string> {
  return policyDocument({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    ...(account === undefined
      ? {}
      : { Condition: { StringEquals: { 'aws:SourceAccount': account } } }),
  });
}
