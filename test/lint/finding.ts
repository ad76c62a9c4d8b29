/** One check of a manifest linter that an object did not pass. */
export interface Finding {
  readonly tool: 'kube-score' | 'checkov';
  /** The tool's own id: `container-resources`, `CKV_K8S_40`. */
  readonly check: string;
  /** Kind of the object: `Deployment`. */
  readonly kind: string;
  readonly object: string;
  /** What the tool says of it. */
  readonly message: string;
}

/** What a finding is explained by: one reason holds for every object of a kind. */
export function keyOf({ tool, check, kind }: Pick<Finding, 'tool' | 'check' | 'kind'>): string {
  return `${tool} ${check} ${kind}`;
}
