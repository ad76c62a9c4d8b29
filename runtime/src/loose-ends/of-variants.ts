import type { RoutedModels } from '../variants/router';
import { answering, type Served, whyNoVersion } from './served';

/** What `variants.models` names that is not there, each with what comes of it. */
export function ofVariants(models: RoutedModels, served: Served): readonly string[] {
  return Object.entries(models).flatMap(([model, { variants, outcome }]) => {
    const at = `variants.models.${model}`;
    const why = whyNoVersion(served, model);
    if (why !== undefined) return [`${at}: ${why}`];
    return Object.entries(variants).flatMap(([variant, { version }]) => {
      const here = `${at}.variants.${variant}`;
      const found = answering(served, model, version);
      if (typeof found === 'string') return [`${here}: ${found}; the variant is passed over`];
      const names = found.signature.outputs.map(({ name }) => name);
      if (outcome === undefined || names.includes(outcome.output)) return [];
      const outputs = names.map((name) => `"${name}"`).join(', ');
      return [
        `${at}.outcome.output: version ${version} of model "${model}" has no output "${outcome.output}", it has ${outputs}; its outcomes are compared with nothing`,
      ];
    });
  });
}
