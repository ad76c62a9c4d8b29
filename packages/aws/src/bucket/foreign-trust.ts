import { type CloudKind, refuseArg } from '@manara/pulumi';
import type { PolicyStatement } from '@pulumi/aws/iam';
import { type Input, output, type Output } from '@pulumi/pulumi';
import { policyDocument } from '../support/policy';

/** Service accounts of one namespace, and who signs their tokens. */
interface ForeignAccounts {
  readonly namespace: string;
  readonly serviceAccounts: readonly string[];
  readonly issuer: Input<string>;
}

/** Who the tokens are for, so that one for the cluster's own API is of no use here. */
export const audience = 'sts.amazonaws.com';

/**
 * Characters that a role's trust policy may have where nobody has asked for more, white space not counted.
 * Source: IAM User Guide, "IAM and AWS STS quotas", role trust policy length; read 2026-11-22.
 */
const maxTrustCharacters = 2048;

/** What an issuer is taken for whose address is late; one of AKS has some 115 characters. */
const unknownIssuer = `https://${'x'.repeat(112)}`;

/** An identity provider's ARN is this and the issuer's address. */
const providerPrefix = 'arn:aws:iam::000000000000:oidc-provider/';

/** Some service accounts of one issuer, and no token that was made for somebody else. */
export function trustOfPods(
  accounts: ForeignAccounts,
  identityProviderArn: Output<string>,
): Output<string> {
  return policyDocument(
    trust(
      identityProviderArn,
      output(accounts.issuer).apply((issuer) => conditionOf(accounts, issuer)),
    ),
  );
}

/** @throws DeployError MANARA_ARGS for more service accounts than a trust policy may have room for */
export function checkTrust(kind: CloudKind, name: string, accounts: ForeignAccounts): void {
  const { issuer, serviceAccounts } = accounts;
  const address = typeof issuer === 'string' ? issuer : unknownIssuer;
  const providerArn = `${providerPrefix}${claimsOf(address)}`;
  const statement = trust(providerArn, conditionOf(accounts, address));
  const { length } = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  if (length <= maxTrustCharacters) return;
  refuseArg(
    kind,
    name,
    'serviceAccounts',
    `names that a role's trust policy has room for, ${maxTrustCharacters} characters; these may take ${length}; give some to a second grantReadTo, with a name of its own and the identityProviderArn of the first`,
    serviceAccounts,
  );
}

function claimsOf(issuer: string): string {
  return issuer.replace(/^https:\/\//, '');
}

function trust(
  identityProviderArn: Input<string>,
  condition: Input<ReturnType<typeof conditionOf>>,
): PolicyStatement {
  return {
    Effect: 'Allow',
    Principal: { Federated: identityProviderArn },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: condition,
  };
}

function conditionOf({ namespace, serviceAccounts }: ForeignAccounts, issuer: string) {
  const claims = claimsOf(issuer);
  return {
    StringEquals: {
      [`${claims}:aud`]: audience,
      [`${claims}:sub`]: serviceAccounts.map(
        (name) => `system:serviceaccount:${namespace}:${name}`,
      ),
    },
  };
}
