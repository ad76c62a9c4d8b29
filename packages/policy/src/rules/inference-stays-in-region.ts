import { azureTypes, documented, type PolicyRule } from '../policy-rule';
import { at, leaves, text } from '../read';
import type { Resource } from '../resource';

/** An inference profile that AWS defines; an account's own are `application-inference-profile/`. */
const profileArn = /^arn:aws[\w-]*:bedrock:[\w-]*:\d*:inference-profile\//;
/** `global.anthropic.claude-sonnet-4-v1:0`: a geography before the id of a model, which has a hyphen. */
const profileId = /^(?:global|us|us-gov|eu|apac|jp|au|ca)\.[a-z0-9]+\.[a-z0-9][\w.:]*-[\w.:-]*$/;
/** Policies name profiles to forbid them, too. */
const notPolicies: ReadonlySet<string> = new Set(['policy', 'tags', 'tagsAll', 'description']);

/** Azure processes these in one region; Global ones in any, DataZone ones in the EU or the USA. */
const regional: ReadonlySet<string> = new Set(['Standard', 'ProvisionedManaged']);

/**
 * A prompt is answered in the region that it is sent to. Wherever a resource names a model (an agent, an
 * environment variable of a function or of a pod), it names none that is routed to other regions.
 */
export const inferenceStaysInRegion: PolicyRule = {
  id: 'inference-stays-in-region',
  title: 'inference is not routed to other regions',
  sources: [
    {
      title:
        'Supported Regions and models for inference profiles: system-defined profiles are cross-Region; Global ones reach all commercial Regions',
      where: 'docs.aws.amazon.com/bedrock',
      standing: 'primary',
      read: '2026-11-22',
    },
    {
      title: 'CrossRegionInferenceProfileRegion: GLOBAL, EU, US, US_GOV, APAC, JP, AU',
      where: 'docs.aws.amazon.com/cdk',
      standing: 'primary',
      read: '2026-11-22',
    },
    {
      title:
        'Deployment types: Global may be processed in any Azure region, Data Zone within its data zone',
      where: 'learn.microsoft.com/azure/foundry',
      standing: 'primary',
      read: '2026-11-22',
    },
    documented(azureTypes, 'cognitiveservices.Deployment, sku.name'),
  ],
  *check(resource) {
    if (resource.type === 'azure-native:cognitiveservices:Deployment') yield* deployment(resource);
    if (resource.package !== 'aws' && resource.package !== 'kubernetes') return;
    if (resource.service === 'iam' || resource.service === 'organizations') return;
    for (const { path, text: value } of leaves(resource.props, notPolicies)) {
      if (!profileArn.test(value) && !profileId.test(value)) continue;
      yield {
        because: `${path}: "${value}" is an inference profile that routes prompts to other regions`,
        fix: "name the model itself, by its id or by its ARN in the zone's region",
      };
    }
  },
};

function* deployment({ props }: Resource) {
  const sku = text(at(props.sku, 'name'));
  if (sku !== undefined && regional.has(sku)) return;
  yield {
    because: `sku.name: expected ${[...regional].join(' or ')}, received ${sku ?? 'none'}: prompts may be processed in other regions`,
    fix: "sku: { name: 'Standard', … }",
  };
}
