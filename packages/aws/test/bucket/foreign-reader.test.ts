import assert from 'node:assert/strict';
import { auditTree, kinds } from '@manara/constructs';
import { settled } from '@manara/pulumi-testing';
import { output } from '@pulumi/pulumi';
import { type ForeignPods, ModelBucket } from '../../src';
import { home, inputsOf, lazily, namesOf, record, tags, type UaePlace } from '../support/fixtures';
import { refuses } from '../support/refusals';
import { base, type Base, network } from '../support/stack';

const north = 'azure:uaenorth';
const endpointClients = { 'azure-north': { place: north, range: '10.30.0.0/16' } };
const issuer = 'https://uaenorth.oic.prod-aks.azure.com/tenant/cluster/';
const claims = 'uaenorth.oic.prod-aks.azure.com/tenant/cluster/';

const pods: ForeignPods<UaePlace> = {
  name: 'north',
  place: north,
  issuer,
  namespace: 'bank',
  serviceAccounts: ['copy', 'copy-again'],
};

const providerArn = `arn:aws:iam::111122223333:oidc-provider/${claims}`;

/** So many `accounts` fit beside the issuer, and beside one that is late. */
const most = 44;
const mostBesideLate = 38;

/** `fraud-10`, `fraud-11` … */
function accounts(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `fraud-${i + 10}`);
}

function bucket(on: Base, clients: object = endpointClients): ModelBucket<UaePlace> {
  const net = network(on, { endpointClients: clients });
  return new ModelBucket('models', { ...on, network: net, tags: { team: 'fraud' } });
}

const usual = lazily(() =>
  record(() => {
    const on = base();
    const models = bucket(on);
    // As a cluster of Azure has it: known after deployment.
    const reader = models.grantReadTo({ ...pods, issuer: output(issuer) });
    return { on, models, reader };
  }),
);

async function inputs(type: string, name = 'models-north') {
  return inputsOf((await usual()).registered, type, name);
}

describe('ModelBucket.grantReadTo', () => {
  it('is a component of the bucket: a provider of identities, and a role', async () => {
    const { registered } = await usual();
    const reader = registered.find(({ type }) => type === 'manara:aws:ForeignReader');
    assert.deepEqual([reader?.name, reader?.parent], ['models-north', 'models']);
    assert.deepEqual(
      namesOf(registered.filter(({ parent }) => parent === 'models-north')).toSorted(),
      ['OpenIdConnectProvider models-north', 'Role models-north', 'RolePolicy models-north'],
    );
  });

  it('trusts one service account of one issuer, with a token that is for AWS', async () => {
    const ours = { ...tags('ForeignReader/models-north'), team: 'fraud' };
    assert.deepEqual(await inputs('aws:iam/openIdConnectProvider:OpenIdConnectProvider'), {
      url: issuer,
      clientIdLists: ['sts.amazonaws.com'],
      tags: ours,
    });
    assert.deepEqual(await inputs('aws:iam/role:Role'), {
      description: 'Reads models for pods of bank at azure:uaenorth',
      assumeRolePolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: 'arn:models-north' },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              StringEquals: {
                [`${claims}:aud`]: 'sts.amazonaws.com',
                [`${claims}:sub`]: [
                  'system:serviceaccount:bank:copy',
                  'system:serviceaccount:bank:copy-again',
                ],
              },
            },
          },
        ],
      },
      tags: ours,
    });
  });

  it('lets it read the weights and decrypt them through S3, and nothing more', async () => {
    assert.deepEqual(await inputs('aws:iam/rolePolicy:RolePolicy'), {
      role: 'models-north-role',
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'ReadWeights',
            Effect: 'Allow',
            Action: 's3:GetObject',
            Resource: 'arn:models/*',
          },
          {
            Sid: 'DecryptThem',
            Effect: 'Allow',
            Action: 'kms:Decrypt',
            Resource: 'arn:keys-models',
            Condition: { StringEquals: { 'kms:ViaService': 's3.me-central-1.amazonaws.com' } },
          },
        ],
      },
    });
  });

  it('leaves the network’s endpoint the only door to the bucket', async () => {
    const { policy } = await inputs('aws:s3/bucketPolicy:BucketPolicy', 'models');
    const { Statement } = policy as {
      readonly Statement: readonly { readonly Sid: string; readonly Condition: object }[];
    };
    assert.deepEqual(Statement.find(({ Sid }) => Sid === 'ThroughTheNetwork')?.Condition, {
      StringNotEquals: { 'aws:SourceVpce': 'net-s3-id' },
    });
  });

  it('says what a copy is read with, over the endpoints’ own names', async () => {
    const { reader } = (await usual()).result;
    assert.equal(await settled(reader.roleArn), 'arn:models-north');
    for (const [key, text] of Object.entries(reader.access)) {
      assert.match(text as string, new RegExp(`^\\$\\{late:models-north\\.${key}(~\\d+)?\\}$`));
    }
    assert.deepEqual(Object.keys(reader.access), ['role', 'endpoint', 'tokenEndpoint']);
  });

  it('is a flow of weights to the place of the pods', async () => {
    const { on } = (await usual()).result;
    assert.deepEqual(
      auditTree(on.zone)
        .flatMap(({ flows }) => flows)
        .filter(({ owner }) => owner === 'bank/aws:ForeignReader:models-north'),
      [
        {
          status: 'declared',
          kind: 'artifact',
          owner: 'bank/aws:ForeignReader:models-north',
          dataClasses: on.zone.data,
          from: { name: 'model bucket models', place: home },
          to: { name: 'pods bank/copy, bank/copy-again of north', place: north },
          encryption: 'tls',
        },
      ],
    );
  });

  it('shares the provider of an issuer with another reader', async () => {
    const { registered } = await record(() => {
      const models = bucket(base());
      const { identityProviderArn } = models.grantReadTo(pods);
      models.grantReadTo({
        ...pods,
        name: 'audit',
        serviceAccounts: ['audit'],
        identityProviderArn,
      });
    });
    assert.equal(
      registered.filter(({ type }) => type.endsWith(':OpenIdConnectProvider')).length,
      1,
    );
    const { assumeRolePolicy } = inputsOf(registered, 'aws:iam/role:Role', 'models-audit');
    const [statement] = (
      assumeRolePolicy as { readonly Statement: readonly { readonly Principal: object }[] }
    ).Statement;
    assert.deepEqual(statement?.Principal, { Federated: 'arn:models-north' });
  });

  it('trusts as many service accounts as IAM takes by default, and has a short description for all', async () => {
    const { registered } = await record(() =>
      bucket(base()).grantReadTo({ ...pods, serviceAccounts: accounts(most) }),
    );
    const { inputs: role } = registered.find(
      ({ type, name }) => type === 'aws:iam/role:Role' && name === 'models-north',
    )!;
    assert.equal(role.description, 'Reads models for pods of bank at azure:uaenorth');
    const { length } = JSON.stringify(JSON.parse(role.assumeRolePolicy as string));
    // The mocked provider's ARN, `arn:models-north`, is shorter than a true one.
    const whole = length - 'arn:models-north'.length + providerArn.length;
    assert(whole <= 2048 && whole + '"system:serviceaccount:bank:fraud-10",'.length > 2048);
  });

  const at = 'manara:aws:ForeignReader';
  const grant =
    (args: object, clients: object = endpointClients) =>
    (on: Base) =>
      bucket(on, clients).grantReadTo({ ...pods, ...args });
  const tooMany = (count: number, length: number) =>
    `${at} "models-north": serviceAccounts: expected names that a role's trust policy has room for, 2048 characters; these may take ${length}; give some to a second grantReadTo, with a name of its own and the identityProviderArn of the first; received ${kinds.shown(accounts(count))} (MANARA_ARGS)`;
  refuses('models-north', [
    [
      'more service accounts than a role’s trust policy has room for',
      grant({ serviceAccounts: accounts(most + 1) }),
      tooMany(most + 1, 2085),
    ],
    [
      'more than there may be room for beside an issuer that is late',
      grant({ serviceAccounts: accounts(mostBesideLate + 1), issuer: output(issuer) }),
      tooMany(mostBesideLate + 1, 2052),
    ],
    [
      'a place that the network lets nobody in from',
      grant({}, {}),
      `${at} "models-north": place: expected one that the network lets in; add to ServingNetwork "net" endpointClients: { <name>: { place: 'azure:uaenorth', range: '…' } }; received "azure:uaenorth" (MANARA_ARGS)`,
    ],
    [
      'nobody at all',
      grant({ serviceAccounts: [] }),
      `${at} "models-north": serviceAccounts: expected at least one; received [] (MANARA_ARGS)`,
    ],
    [
      'every service account of a namespace',
      grant({ serviceAccounts: ['*'] }),
      `${at} "models-north": serviceAccount: expected a name of at most 63 lower-case letters, digits and "-"; a role is for one service account; received "*" (MANARA_ARGS)`,
    ],
    [
      'an issuer that is no address',
      grant({ issuer: 'uaenorth.oic.prod-aks.azure.com/tenant' }),
      `${at} "models-north": issuer: expected the address of an issuer of tokens, https://…; received "uaenorth.oic.prod-aks.azure.com/tenant" (MANARA_ARGS)`,
    ],
    [
      'a late value as the name',
      grant({ name: output('north') }),
      `${at} "models": name: expected text; received an Output, whose value is known only after deployment (MANARA_ARGS)`,
    ],
  ]);

  it('refuses readers outside the zone before anything of them is registered', async () => {
    const abroad = 'aws:eu-west-1' as UaePlace;
    const { registered } = await record(() => {
      const models = bucket(base());
      assert.throws(
        () => models.grantReadTo({ ...pods, place: abroad }),
        /artifact flow of bank\/aws:ForeignReader:models-north: [^]*aws:eu-west-1, outside zone "bank"[^]*\(MANARA_RESIDENCY\)$/,
      );
    });
    assert(!registered.some(({ name }) => name === 'models-north'));
  });
});
