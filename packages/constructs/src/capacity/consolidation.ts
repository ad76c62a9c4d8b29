import { Duration } from 'cdk8s';

/** When nodes are taken down, or replaced, to save money. */
export class Consolidation {
  /**
   * Once no pod but the node's own has been there for a while. Pods, and the models that they hold in
   * memory, are never moved for it.
   */
  static whenEmpty(after: Duration = Duration.minutes(15)): Consolidation {
    return new Consolidation({ policy: 'WhenEmpty', after });
  }

  /**
   * Once a node's pods would fit on others, or on a cheaper node, and no pod has come or gone for a while:
   * its pods are evicted, within their disruption budgets, and load their models again.
   */
  static whenUnderused(after: Duration = Duration.minutes(15)): Consolidation {
    return new Consolidation({ policy: 'WhenEmptyOrUnderutilized', after });
  }

  /** Nodes stay until they expire. */
  static never(): Consolidation {
    return new Consolidation({ policy: 'WhenEmpty', after: undefined });
  }

  private constructor(readonly mode: ConsolidationMode) {}
}

export interface ConsolidationMode {
  readonly policy: 'WhenEmpty' | 'WhenEmptyOrUnderutilized';
  /** None for never. */
  readonly after: Duration | undefined;
}
