import type { ApiObject } from 'cdk8s';

/** Where a template of pods stands in the manifest of what makes them, as JSON pointers. */
export interface PodTemplate {
  readonly metadata: string;
  readonly spec: string;
}

/** The templates that a controller has; the first is that of the pods which answer. */
export function podTemplates({ kind }: ApiObject): readonly [PodTemplate, ...PodTemplate[]] {
  switch (kind) {
    case 'LeaderWorkerSet':
      return [
        templateAt('/spec/leaderWorkerTemplate/leaderTemplate'),
        templateAt('/spec/leaderWorkerTemplate/workerTemplate'),
      ];
    case 'InferenceService':
      // A predictor has the pods' labels and annotations beside the parts of their spec.
      return [{ metadata: '/spec/predictor', spec: '/spec/predictor' }];
    default:
      return [templateAt('/spec/template')];
  }
}

function templateAt(path: string): PodTemplate {
  return { metadata: `${path}/metadata`, spec: `${path}/spec` };
}
