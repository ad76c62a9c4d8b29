import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { GpuDevices, GpuSharing, type GpuNodePoolProps } from '../../src';
import { requestGpus } from '../../src/capacity/placement';
import { documentOf, documents } from '../support/manifests';
import { awsSite, gpuPool, there } from '../support/pools';

function request(props: Partial<GpuNodePoolProps>, count: number) {
  const app = new App();
  const site = awsSite(app);
  const pool = gpuPool(site, props);
  return { app, ...requestGpus(new Construct(site, 'chat'), 'chat', pool, count) };
}

describe('GPUs that a pod asks for', () => {
  it('are counted where a device plugin offers them', () => {
    const { app, container, claims } = request({}, 2);
    assert.deepEqual(container, { limits: { 'nvidia.com/gpu': 2 } });
    assert.equal(claims, undefined);
    assert(!documents(app).some(({ kind }) => kind === 'ResourceClaimTemplate'));
  });

  it('are claimed where NVIDIA’s DRA driver offers them', () => {
    const { app, container, claims } = request({ ...there, devices: GpuDevices.claims() }, 2);
    assert.deepEqual(container, { claims: [{ name: 'gpus' }] });
    assert.deepEqual(claims, [{ name: 'gpus', resourceClaimTemplateName: 'chat' }]);
    assert.deepEqual(documentOf(app, 'ResourceClaimTemplate', 'chat'), {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaimTemplate',
      metadata: { name: 'chat', namespace: 'bank', labels: { 'manara.dev/pool': 'gpus' } },
      spec: {
        spec: {
          devices: {
            requests: [
              {
                name: 'gpus',
                exactly: {
                  deviceClassName: 'gpu.nvidia.com',
                  allocationMode: 'ExactCount',
                  count: 2,
                },
              },
            ],
          },
        },
      },
    });
  });

  it('are claimed by profile where they are partitioned', () => {
    const sharing = GpuSharing.mig('1g.10gb');
    const { app } = request({ ...there, devices: GpuDevices.claims(), sharing }, 1);
    assert.deepEqual(documentOf(app, 'ResourceClaimTemplate', 'chat').spec, {
      spec: {
        devices: {
          requests: [
            {
              name: 'gpus',
              exactly: {
                deviceClassName: 'mig.nvidia.com',
                selectors: [
                  {
                    cel: {
                      expression: 'device.attributes["gpu.nvidia.com"].profile == "1g.10gb"',
                    },
                  },
                ],
                allocationMode: 'ExactCount',
                count: 1,
              },
            },
          ],
        },
      },
    });
  });
});
