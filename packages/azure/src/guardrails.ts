import { kinds } from '@manara/constructs';
import {
  anyText,
  checkArgs,
  CloudComponent,
  type CloudComponentArgs,
  storageFlow,
} from '@manara/pulumi';
import type { Place } from '@manara/residency';
import { PolicyAssignment } from '@pulumi/azure-native/authorization';
import type { ComponentResourceOptions, Input } from '@pulumi/pulumi';
import { checkName, commonKinds } from './azure-component';
import { policies } from './facts/policies';

export interface GuardrailsArgs<P extends Place> extends CloudComponentArgs<P> {
  /**
   * Id of what they hold for: a management group, a subscription
   * (`/subscriptions/<id>`) or a resource group.
   */
  readonly scope: Input<string>;
  /**
   * Ids of what is left out, within the scope; each is a hole.
   * @default - nothing
   */
  readonly exempt?: readonly Input<string>[];
}

const kind = {
  cloud: 'azure',
  name: 'Guardrails',
  does: 'Policy assignments that refuse resources outside of the zone',
} as const;

const argKinds = {
  zone: commonKinds.zone,
  place: kinds.text,
  scope: anyText,
  exempt: kinds.optional(kinds.listOf(anyText)),
};

/**
 * Policy assignments that refuse a resource, or a group of them, at a location outside the zone, whoever
 * asks for it. They skip what is `global`: DNS, Traffic Manager, Front Door, Entra ID. Nor do they see
 * where a resource in an allowed location sends its data; the residency check of the tree does.
 */
export class Guardrails<const P extends Place = Place> extends CloudComponent<P> {
  /** Locations that are allowed: those of Azure among the zone's places. */
  readonly locations: readonly string[];

  /** @throws DeployError MANARA_ARGS for an argument that cannot be used; and those of CloudComponent */
  constructor(name: string, args: GuardrailsArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    checkName(kind, name);
    super(kind, name, args, (self) => [storageFlow(self, 'policy assignments', [])], opts);
    this.locations = args.zone.places
      .filter((place) => place.startsWith('azure:'))
      .map((place) => place.slice('azure:'.length));
    this.#assign(`${name}-locations`, policies.allowedLocations, args);
    this.#assign(`${name}-groups`, policies.allowedGroupLocations, args);
    this.registerOutputs();
  }

  #assign(
    name: string,
    { id, title }: { readonly id: string; readonly title: string },
    { zone, scope, exempt = [] }: GuardrailsArgs<P>,
  ): void {
    new PolicyAssignment(
      name,
      {
        policyAssignmentName: name,
        scope,
        policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${id}`,
        displayName: `Manara, zone ${zone.name}: ${title}`,
        enforcementMode: 'Default',
        ...(exempt.length === 0 ? {} : { notScopes: [...exempt] }),
        parameters: { listOfAllowedLocations: { value: [...this.locations] } },
        nonComplianceMessages: [
          { message: `Zone "${zone.name}" is at ${this.locations.join(', ')}, and nowhere else.` },
        ],
      },
      { parent: this },
    );
  }
}
