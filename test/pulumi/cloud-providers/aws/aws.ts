import { version } from '@pulumi/aws/package.json';
import { type Cloud, type Kind, kindIn } from '../cloud';
import { account } from './kind';
import { kinds } from './kinds';

export const aws: Cloud = {
  package: 'aws',
  npmPackage: '@pulumi/aws',
  version,
  places: ['region'],
  faultsOf: ({ region }) =>
    region === undefined ? ['region: required; run pulumi config set aws:region <region>'] : [],
  nameOf: (_, name, digits) => `${name}-${digits.slice(0, 7)}`,
  kindOf: (type) => {
    const kind = kindIn(kinds, type, 'aws/kinds.ts');
    return withoutRegion.test(type) ? kind : located(kind);
  },
  expired:
    'operation error STS: GetCallerIdentity, https response error StatusCode: 403, api error ExpiredToken: The security token included in the request is expired',
  functions: {
    'aws:index/getCallerIdentity:getCallerIdentity': () => ({
      id: account,
      accountId: account,
      arn: `arn:aws:iam::${account}:role/platform`,
      userId: 'AROAEXAMPLE:platform',
    }),
  },
};

/** Services that AWS has once for all regions. */
const withoutRegion = /^aws:(iam|organizations|route53)\//;

/** A resource says its region, wherever that was written: at itself or at its provider. */
function located(kind: Kind): Kind {
  return {
    ...kind,
    outputs: (made, id) => ({ region: made.region, ...kind.outputs(made, id) }),
  };
}
