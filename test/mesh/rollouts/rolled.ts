import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, type StoredObject } from '../../bed/api-server';
import type { KubernetesDocument } from '../../support/documents';
import { eventually } from '../../support/eventually';
import { plainGateway } from '../echo-documents';
import type { Mesh } from '../mesh';
import { type Behaviour, type JudgedEndpoint, judgedServer } from './judged-endpoint';

/** The part of a Rollout that tests read. */
export interface RolloutObject extends StoredObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly abort?: boolean;
    readonly observedGeneration?: string;
    readonly workloadObservedGeneration?: string;
    readonly currentPodHash?: string;
    readonly stableRS?: string;
    readonly currentStepIndex?: number;
    readonly pauseConditions?: readonly { readonly reason: string }[];
    readonly canary?: { readonly weights?: { readonly canary: { readonly weight: number } } };
  };
}

type VirtualService = StoredObject & {
  readonly spec: {
    readonly http: readonly {
      readonly name?: string;
      readonly mirror?: unknown;
      readonly route: readonly { readonly weight?: number }[];
    }[];
  };
};

/** Answers of callers, while something else goes on. */
export interface Traffic {
  /** Statuses since the last time that it was asked. */
  readonly taken: () => readonly number[];
  /** Ends it. */
  readonly stop: () => Promise<readonly number[]>;
}

/** Whether Argo Rollouts changes an object once it is there. */
function isChanged({ metadata }: KubernetesDocument): boolean {
  return metadata.labels?.['manara.dev/changed-by'] === 'argo-rollouts';
}

/** An endpoint of the mesh that is rolled out, and what becomes of it. */
export class Rolled {
  readonly host: string;

  constructor(
    readonly mesh: Mesh,
    readonly endpoint: JudgedEndpoint,
  ) {
    this.host = `${endpoint.namespace}.bed.test`;
  }

  /** The namespace, and hosts at the gateway. */
  async prepare(): Promise<void> {
    const { namespace } = this.endpoint;
    this.mesh.programs.add('manara-server', judgedServer, namespace);
    await this.mesh.namespace(namespace);
    await this.mesh.apply([plainGateway(this.host)], { namespace });
  }

  /** What kubectl does by the docs: what a controller changes is created once, the rest is applied. */
  async deploy(
    behaviour: Behaviour = {},
    change: (document: KubernetesDocument) => KubernetesDocument = (same) => same,
  ): Promise<void> {
    const documents = this.endpoint.documents(behaviour).map(change);
    const once = documents.filter(isChanged);
    for (const document of once) {
      if (!(await this.exists(document))) await this.mesh.api.applyStrict(document);
    }
    const rest = documents.filter((document) => !once.includes(document));
    for (const document of [...rest, this.entry(rest)]) await this.mesh.api.applyStrict(document);
  }

  /** The way in from the gateway, to whatever the mesh's own way delegates to. */
  private entry(documents: readonly KubernetesDocument[]): KubernetesDocument {
    const { namespace } = this.endpoint;
    const own = documents.find((d) => d.kind === 'VirtualService' && d.metadata.name === 'fraud');
    const { http } = own?.spec as { readonly http: readonly { readonly delegate?: object }[] };
    const delegate = http.find((route) => route.delegate !== undefined)?.delegate;
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'entry', namespace },
      spec: { hosts: [this.host], gateways: ['edge'], http: [{ delegate }] },
    };
  }

  async rollout(): Promise<RolloutObject> {
    return await this.get('argoproj.io/v1alpha1', 'Rollout');
  }

  async get<T extends StoredObject>(apiVersion: string, kind: string, name = 'fraud'): Promise<T> {
    const document = { apiVersion, kind, metadata: { name } };
    return (await this.mesh.api.get(document, { namespace: this.endpoint.namespace })) as T;
  }

  /** Weight of the canary as the mesh has it, in percent. */
  async weight(): Promise<number> {
    const { spec } = await this.routes();
    return spec.http.find(({ name }) => name === 'primary')?.route[1]?.weight ?? 0;
  }

  async routes(): Promise<VirtualService> {
    return await this.get('networking.istio.io/v1', 'VirtualService', 'fraud-weights');
  }

  /** Waits for a state of the rollout. */
  async until(
    what: string,
    look: (status: NonNullable<RolloutObject['status']>) => boolean,
    seconds = 180,
  ): Promise<RolloutObject> {
    let last: RolloutObject | undefined;
    try {
      return await eventually(
        what,
        async () => {
          last = await this.rollout();
          return last.status !== undefined && look(last.status) && last;
        },
        { timeoutMillis: seconds * 1000, everyMillis: 250 },
      );
    } catch (error) {
      throw new Error(`${String(error)}: ${JSON.stringify(last?.status)}`, { cause: error });
    }
  }

  /** Deploys what the controller is to give up, and waits until it does. */
  async untilAborted(behaviour: Behaviour): Promise<NonNullable<RolloutObject['status']>> {
    const { status: before } = await this.rollout();
    await this.deploy(behaviour);
    const { status } = await this.until(
      'the rollout is aborted',
      ({ abort, currentPodHash }) => abort === true && currentPodHash !== before?.currentPodHash,
    );
    return status!;
  }

  /** Waits until the template of a hash other than `before` has all of the requests. */
  async untilPromoted(before: string | undefined): Promise<string> {
    const { status } = await this.until(
      'the new pods have all requests',
      ({ phase, stableRS, currentPodHash }) =>
        phase === 'Healthy' && stableRS === currentPodHash && stableRS !== before,
      240,
    );
    return status?.stableRS ?? '';
  }

  /** One request after another from some callers at once, until it is stopped. */
  traffic(callers = 8, pauseMillis = 20): Traffic {
    let statuses: number[] = [];
    const stopping = new AbortController();
    const caller = async (): Promise<void> => {
      while (!stopping.signal.aborted) {
        const { status } = await this.mesh.gateway.ask({
          host: this.host,
          path: '/v2/models/fraud/infer',
          body: '{}',
        });
        statuses.push(status);
        await delay(pauseMillis);
      }
    };
    const sending = Promise.all(Array.from({ length: callers }, caller));
    const taken = (): readonly number[] => {
      const now = statuses;
      statuses = [];
      return now;
    };
    return {
      taken,
      stop: async () => {
        stopping.abort();
        await sending;
        return taken();
      },
    };
  }

  private async exists(document: KubernetesDocument): Promise<boolean> {
    try {
      await this.mesh.api.get(document);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return false;
      throw error;
    }
  }
}
