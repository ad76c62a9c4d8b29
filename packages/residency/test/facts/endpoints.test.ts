import assert from 'node:assert/strict';
import { endpointForms, places, regionOfHost } from '../../src';
import { ociRegionKeys } from '../../src/facts/oci-region-keys';

describe('regionOfHost', () => {
  const revealed: readonly (readonly [string, string | undefined])[] = [
    ['s3.me-central-1.amazonaws.com', 'aws:me-central-1'],
    ['weights.s3.me-central-1.amazonaws.com', 'aws:me-central-1'],
    ['weights.s3.dualstack.eu-west-1.amazonaws.com', 'aws:eu-west-1'],
    ['eu-west-1.s3.me-central-1.amazonaws.com', 'aws:me-central-1'],
    ['123456789012.dkr.ecr.us-east-1.amazonaws.com', 'aws:us-east-1'],
    ['123456789012.dkr-ecr.me-central-1.on.aws', 'aws:me-central-1'],
    ['logs.me-central-1.api.aws', 'aws:me-central-1'],
    ['vpce-0a1b-2c3d.s3.eu-central-1.vpce.amazonaws.com', 'aws:eu-central-1'],
    ['s3.us-gov-west-1.amazonaws.com', 'aws:us-gov-west-1'],
    ['s3.cn-north-1.amazonaws.com.cn', 'aws:cn-north-1'],
    ['s3.eusc-de-east-1.amazonaws.eu', 'aws:eusc-de-east-1'],
    ['weights.s3-eu-west-1.amazonaws.com', 'aws:eu-west-1'],
    ['s3-me-central-1.amazonaws.com', 'aws:me-central-1'],
    ['0f1e.gr7.me-central-1.eks.amazonaws.com', 'aws:me-central-1'],
    ['eks.amazonaws.com', undefined],
    ['bank-1a2b.hcp.uaenorth.azmk8s.io', 'azure:uaenorth'],
    ['bank-1a2b.0c4d.privatelink.uaenorth.azmk8s.io', 'azure:uaenorth'],
    ['bank-1a2b.sub.privatelink.westeurope.azmk8s.io', 'azure:westeurope'],
    ['bank-1a2b.private.uaecentral.azmk8s.io', 'azure:uaecentral'],
    ['bank.azmk8s.io', undefined],
    ['s3.amazonaws.com', undefined],
    ['s3.me-central-1.amazonaws.com.bank.ae', undefined],
    ['fraud.uaenorth.cloudapp.azure.com', 'azure:uaenorth'],
    ['bank.uaenorth.data.azurecr.io', 'azure:uaenorth'],
    ['bank.westeurope.geo.azurecr.io', 'azure:westeurope'],
    ['bank.azurecr.io', undefined],
    ['bank.blob.core.windows.net', undefined],
    ['me-central1-docker.pkg.dev', 'gcp:me-central1'],
    ['us-docker.pkg.dev', undefined],
    ['me-dubai-1.ocir.io', 'oci:me-dubai-1'],
    ['dxb.ocir.io', 'oci:me-dubai-1'],
    ['auh.ocir.io', 'oci:me-abudhabi-1'],
    ['zzz.ocir.io', undefined],
    ['objectstorage.eu-frankfurt-1.oraclecloud.com', 'oci:eu-frankfurt-1'],
    ['artifacts.me-abudhabi-1.oci.oraclecloud.com', 'oci:me-abudhabi-1'],
    ['ecs.me-central-1.aliyuncs.com', 'alibaba:me-central-1'],
    ['ecs-vpc.cn-hongkong.aliyuncs.com', 'alibaba:cn-hongkong'],
    ['bank.ae', undefined],
  ];
  for (const [host, expected] of revealed) {
    it(`${host} is ${expected ?? 'silent'}`, () => {
      assert.equal(regionOfHost(host)?.place, expected);
    });
  }

  it('names a region that the table of places does not have yet', () => {
    assert.equal(regionOfHost('s3.me-north-9.amazonaws.com')?.place, 'aws:me-north-9');
  });
});

describe('the table of endpoint forms', () => {
  it('rests on no unverified source', () => {
    for (const { form, source } of endpointForms) {
      assert.notEqual(source.standing, 'unverified', form);
    }
  });

  it('has a key for every Oracle region, and for no other', () => {
    const regions = Object.keys(places).filter((place) => place.startsWith('oci:'));
    const keyed = Object.values(ociRegionKeys).map((region) => `oci:${region}`);
    assert.deepEqual(keyed.toSorted(), regions.toSorted());
  });
});
