import assert from 'node:assert/strict';
import { configAnnotation, type RemediationTable, type ToldAlert } from '@manara/contract';
import pino from 'pino';
import { RemediationLog } from '../../src/remediate/record';
import { Remediator } from '../../src/remediate/remediator';
import { MemoryKube } from './memory-kube';

const autoscaler = '/apis/autoscaling/v2/namespaces/bank/horizontalpodautoscalers/fraud';
const config = '/apis/apps/v1/namespaces/bank/deployments/fraud';
const table = '/api/v1/namespaces/bank/configmaps/fraud-remediation';
const rollout = '/apis/argoproj.io/v1alpha1/namespaces/bank/rollouts/fraud';

const actions: RemediationTable['actions'] = [
  {
    alert: 'Refused',
    kind: 'scaleOut',
    autoscaler: 'fraud',
    percent: 50,
    maxReplicas: 6,
    coolDownSeconds: 600,
  },
  {
    alert: 'Wrong',
    kind: 'fallBack',
    deployment: 'fraud',
    model: 'fraud',
    version: 1,
    coolDownSeconds: 3600,
  },
  { alert: 'Burning', kind: 'abortRollout', rollout: 'fraud', coolDownSeconds: 0 },
];

describe('the remediator', () => {
  let kube: MemoryKube;
  let lines: Record<string, unknown>[];
  let remediator: Remediator;
  let now: number;

  beforeEach(() => {
    kube = new MemoryKube();
    lines = [];
    now = Date.parse('2026-11-23T10:00:00Z');
    kube.put(table, { data: { 'remediation.json': JSON.stringify({ actions }) } });
    kube.put(autoscaler, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      spec: { minReplicas: 2, maxReplicas: 8 },
      status: { currentReplicas: 3 },
    });
    restart();
  });

  /** A process that remembers nothing. */
  function restart(): void {
    const write = (line: string): void => void lines.push(JSON.parse(line) as never);
    remediator = new Remediator(
      kube,
      new RemediationLog(pino({ base: null }, { write })),
      () => now,
    );
  }

  function told(alertname: string, more: Partial<ToldAlert> = {}): readonly ToldAlert[] {
    const labels = { alertname, job: 'fraud' };
    return [
      { status: 'firing', labels, startsAt: '2026-11-23T09:59:00Z', fingerprint: 'a1', ...more },
    ];
  }

  async function least(): Promise<unknown> {
    return (await kube.get(autoscaler))?.spec?.minReplicas;
  }

  it('scales out once for an alert, however often it is told and by whichever process', async () => {
    await remediator.handle(told('Refused'));
    assert.equal(await least(), 5);
    now += 3_600_000;
    await remediator.handle(told('Refused'));
    restart();
    await remediator.handle(told('Refused'));
    assert.equal(await least(), 5);
    assert.equal(kube.patches, 1);
    assert.equal(kube.created.length, 1);
    assert.deepEqual(
      lines.map(({ outcome }) => outcome),
      ['ScaledOut', 'none', 'none'],
    );
  });

  it('says what it did in an event of the object, and in a line of the audit', async () => {
    await remediator.handle(told('Refused'));
    const [event] = kube.created;
    assert.equal(event?.path, '/api/v1/namespaces/bank/events');
    assert.deepEqual(event.object.involvedObject, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      name: 'fraud',
      namespace: 'bank',
      uid: 'u1',
      resourceVersion: '1',
    });
    assert.equal(event.object.reason, 'ScaledOut');
    assert.match(
      String(event.object.message),
      /^Refused: keeps 5 replicas at least, in place of 2/,
    );
    const { event: name, model, action, alert, status } = lines[0] ?? {};
    assert.deepEqual(
      [name, model, action, alert, status],
      ['remediation', 'fraud', 'scaleOut', 'Refused', 'firing'],
    );
  });

  it('waits between two actions, and never goes beyond the bound', async () => {
    await remediator.handle(told('Refused'));
    now += 60_000;
    await remediator.handle(told('Refused', { startsAt: '2026-11-23T10:00:30Z' }));
    assert.equal(await least(), 5);
    assert.match(String(lines[1]?.msg), /60 s ago, and 600 s are to lie between/);
    now += 600_000;
    await remediator.handle(told('Refused', { startsAt: '2026-11-23T10:00:30Z' }));
    assert.equal(await least(), 6);
    now += 600_000;
    await remediator.handle(told('Refused', { startsAt: '2026-11-23T10:20:00Z' }));
    assert.equal(await least(), 6);
    assert.match(String(lines.at(-1)?.msg), /6 replicas are kept already; the bound is 6/);
  });

  it('puts back what there was at first once the last alert is over, and once', async () => {
    const first = told('Refused');
    const second = told('Refused', { startsAt: '2026-11-23T10:20:00Z' });
    await remediator.handle(first);
    now += 1_800_000;
    await remediator.handle(second);
    const over = (alerts: readonly ToldAlert[]) =>
      alerts.map((alert) => ({ ...alert, status: 'resolved' as const }));
    await remediator.handle(over(first));
    assert.equal(await least(), 6);
    await remediator.handle(over(second));
    assert.equal(await least(), 2);
    const { patches } = kube;
    await remediator.handle(over(second));
    assert.equal(kube.patches, patches);
    assert.equal(kube.created.at(-1)?.object.reason, 'ScaledBack');
  });

  it('has another version answer, by default and of the variants, and leaves the rest of the file', async () => {
    const versions = [1, 2].map((version) => ({
      version,
      uri: 'pvc://a/b',
      sha256: 'a'.repeat(64),
    }));
    const file = {
      workers: 2,
      models: [{ name: 'fraud', defaultVersion: 2, versions }],
      variants: {
        models: {
          fraud: {
            variants: {
              control: { version: 1, weight: 9 },
              challenger: { version: 2, weight: 91 },
            },
            rules: [{ header: 'x-cohort', equals: 'beta', variant: 'challenger' }],
            stickyHeader: 'x-customer',
          },
          other: { variants: { a: { version: 1, weight: 1 } } },
        },
      },
    };
    const annotations = { [configAnnotation]: JSON.stringify(file) };
    kube.put(config, { kind: 'Deployment', spec: { template: { metadata: { annotations } } } });
    await remediator.handle(told('Wrong'));
    const configuration = async (): Promise<string> => {
      const { spec } = (await kube.get(config)) as unknown as {
        readonly spec: {
          readonly template: {
            readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
          };
        };
      };
      return spec.template.metadata.annotations[configAnnotation] ?? '';
    };
    const changed = await configuration();
    assert.deepEqual(JSON.parse(changed), {
      workers: 2,
      models: [{ name: 'fraud', defaultVersion: 1, versions }],
      variants: {
        models: {
          fraud: {
            variants: { control: { version: 1, weight: 9 }, challenger: { version: 2, weight: 0 } },
            stickyHeader: 'x-customer',
          },
          other: { variants: { a: { version: 1, weight: 1 } } },
        },
      },
    });
    await remediator.handle(told('Wrong', { status: 'resolved' }));
    assert.equal(await configuration(), changed);
    now += 7_200_000;
    await remediator.handle(told('Wrong', { startsAt: '2026-11-23T12:00:00Z' }));
    assert.match(String(lines.at(-1)?.msg), /version 1 answers already/);
    assert.equal(kube.patches, 1);
  });

  it('aborts a rollout that is under way, and no other', async () => {
    await remediator.handle(told('Burning'));
    assert.match(String(lines.at(-1)?.msg), /there is no rollout/);
    kube.put(rollout, { kind: 'Rollout', status: { currentPodHash: 'a', stableRS: 'a' } });
    await remediator.handle(told('Burning'));
    assert.match(String(lines.at(-1)?.msg), /none is under way/);
    kube.put(rollout, { kind: 'Rollout', status: { currentPodHash: 'b', stableRS: 'a' } });
    await remediator.handle(told('Burning'));
    assert.equal((await kube.get(rollout))?.status?.abort, true);
    await remediator.handle(told('Burning'));
    assert.match(String(lines.at(-1)?.msg), /aborted already/);
    assert.equal(kube.patches, 1);
  });

  it('does nothing about alerts that no table names, and takes no bounds from an alert', async () => {
    const labels = { alertname: 'Refused', job: '../../secrets/x', maxReplicas: '100' };
    await remediator.handle([...told('Unknown'), ...told('Refused', { labels })]);
    await remediator.handle(told('Refused', { labels: { ...labels, job: 'other' } }));
    assert.deepEqual([kube.patches, lines.length], [0, 0]);
  });

  it('fails where somebody else acted meanwhile, so that it is told again', async () => {
    const read = kube.get.bind(kube);
    kube.get = async (path) => {
      const object = await read(path);
      if (path === autoscaler) await kube.patch(path, { spec: { minReplicas: 4 } });
      return object;
    };
    await assert.rejects(remediator.handle(told('Refused')), { name: 'KubeError', status: 409 });
    assert.equal(kube.created.length, 0);
  });
});
