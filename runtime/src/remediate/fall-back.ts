import {
  configAnnotation,
  type FallBackAction,
  parseServerConfig,
  type ServerConfig,
} from '@manara/contract';
import { notDone, type Outcome, type Task } from './action';
import type { KubeObject } from './kube';
import { lastAction, noted, whyNot } from './last-action';

/**
 * Has another version answer where none is named: the pods' template gets another configuration, and new pods
 * take the old ones' place, as a rollout divides them where there is one. It stays so until the program is
 * deployed again; nobody but a person knows when the other version is good.
 */
export async function fallBack(action: FallBackAction, task: Task): Promise<Outcome> {
  const { kube, alert, firing, now } = task;
  const path = `/apis/apps/v1/namespaces/${kube.namespace}/deployments/${action.deployment}`;
  const deployment = await kube.get(path);
  const text = deployment && configurationIn(deployment);
  if (deployment === undefined || text === undefined) {
    return notDone(`there is no configuration in Deployment "${action.deployment}"`);
  }
  const reason = whyNot(lastAction(deployment), firing, action.coolDownSeconds, now);
  if (reason !== undefined) return notDone(reason);
  const config = parseServerConfig(JSON.parse(text));
  const model = config.models?.find(({ name }) => name === action.model);
  if (model?.versions.some(({ version }) => version === action.version) !== true) {
    return notDone(`version ${action.version} of model "${action.model}" is not served`);
  }
  const changed = answeredBy(config, action);
  if (JSON.stringify(changed) === JSON.stringify(config)) {
    return notDone(`version ${action.version} answers already`);
  }
  const note = { alert, firing, at: new Date(now).toISOString(), before: model.defaultVersion };
  await kube.patch(path, {
    metadata: noted(deployment, note),
    spec: {
      template: {
        metadata: {
          annotations: { [configAnnotation]: `${JSON.stringify(changed, null, 2)}\n` },
        },
      },
    },
  });
  const message = `version ${action.version} of model "${action.model}" answers, in place of ${model.defaultVersion}, until the next deployment`;
  return { done: true, reason: 'FellBack', message, object: deployment };
}

/** What the pods' template gives the server. */
function configurationIn({ spec }: KubeObject): string | undefined {
  const { template } = (spec ?? {}) as { readonly template?: Pick<KubeObject, 'metadata'> };
  return template?.metadata.annotations?.[configAnnotation];
}

/** The configuration with one version answering: as the default, and of the variants, where the model has some. */
function answeredBy(config: ServerConfig, { model, version }: FallBackAction): ServerConfig {
  const models = (config.models ?? []).map((one) =>
    one.name === model ? { ...one, defaultVersion: version } : one,
  );
  const { variants } = config;
  const routed = variants?.models[model];
  if (variants === undefined || routed === undefined) return { ...config, models };
  const { [model]: dropped, ...others } = variants.models;
  const entries = Object.entries(dropped?.variants ?? {});
  const hasVariant = entries.some(([, one]) => one.version === version);
  if (!hasVariant) return { ...config, models, variants: { ...variants, models: others } };
  // Rules and flags would go on leading callers to the others.
  const { stickyHeader, outcome } = routed;
  const weights = entries.map(([name, one]) => [
    name,
    { ...one, weight: one.version === version ? Math.max(one.weight, 1) : 0 },
  ]);
  const only = {
    variants: Object.fromEntries(weights) as typeof routed.variants,
    ...(stickyHeader === undefined ? {} : { stickyHeader }),
    ...(outcome === undefined ? {} : { outcome }),
  };
  return { ...config, models, variants: { ...variants, models: { ...others, [model]: only } } };
}
