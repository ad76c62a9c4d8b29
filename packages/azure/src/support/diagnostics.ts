import { DiagnosticSetting } from '@pulumi/azure-native/monitor';
import type { Input } from '@pulumi/pulumi';
import type { ChildContext } from '../azure-component';

interface Diagnostics {
  /** Id of what is watched. */
  readonly resourceUri: Input<string>;
  /** Id of the workspace that it is sent to. */
  readonly workspaceId: Input<string>;
  readonly categories: readonly string[];
}

/** Sends logs of a resource to a workspace, each category to the table that is made for it. */
export function sendLogs(
  { name, child }: ChildContext,
  { resourceUri, workspaceId, categories }: Diagnostics,
): void {
  new DiagnosticSetting(
    name,
    {
      name: 'manara',
      resourceUri,
      workspaceId,
      logAnalyticsDestinationType: 'Dedicated',
      logs: categories.map((category) => ({ category, enabled: true })),
    },
    child,
  );
}
