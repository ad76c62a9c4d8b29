/** What `pulumi up --json` prints, one a line; those parts that the suites read. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly summaryEvent?: { readonly resourceChanges: Readonly<Record<string, number>> };
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly message: string;
  };
}

interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/** What became of one resource. */
export interface Operation {
  /** `create`, `update`, `replace`, `delete`, … */
  readonly op: string;
  /** `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly name: string;
  /** Paths of the fields that differ: `data["config.json"]`. */
  readonly fields: readonly string[];
}

/** What a policy has against a resource, or against the stack. */
export interface Violation {
  readonly policy: string;
  /** `mandatory` or `advisory`. */
  readonly level: string;
  /** Name of the resource; empty for the stack. */
  readonly name: string;
  readonly message: string;
}

export function violationOf({ policyEvent }: EngineEvent): Violation | undefined {
  if (policyEvent === undefined) return undefined;
  const { resourceUrn = '', policyName, enforcementLevel, message } = policyEvent;
  return { policy: policyName, level: enforcementLevel, name: nameOf(resourceUrn), message };
}

/** The operation that an event announces as it begins; none for a resource that stays as it is. */
export function operationOf({ resourcePreEvent }: EngineEvent): Operation | undefined {
  if (resourcePreEvent === undefined) return undefined;
  const { op, urn, type, detailedDiff } = resourcePreEvent.metadata;
  if (['same', 'read', 'refresh'].includes(op)) return undefined;
  return { op, type, name: nameOf(urn), fields: Object.keys(detailedDiff ?? {}).sort() };
}

/** The name in `urn:pulumi:dev::project::parent$type::name`. */
export function nameOf(urn: string): string {
  return urn.split('::').slice(3).join('::');
}
