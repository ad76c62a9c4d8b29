import type { Site } from '../site';
import type { DossierContext, Runbook } from './dossier-part';
import { kubectlFiles } from './shell';
import { say } from './text';

/** How a change of the program gets to a site. */
export function fileRunbooks(site: Site, context: DossierContext): readonly Runbook[] {
  return context.pulumi === undefined ? [kubectlRunbook(site, context)] : [];
}

function kubectlRunbook(site: Site, { manara }: DossierContext): Runbook {
  return {
    practice: 'change',
    title: `Bring a change to ${site.node.id}`,
    when: say`The program was changed and reviewed`,
    steps: [
      {
        does: say`See what the rules say of it, and write the objects. Nothing is written where a rule is broken`,
        commands: [manara('audit'), manara('synth', '-o', 'dist')],
      },
      {
        does: say`Read what would change`,
        commands: [kubectlFiles(site, 'diff')],
      },
      {
        does: say`Apply it`,
        commands: [kubectlFiles(site, 'apply')],
      },
    ],
  };
}

/** How a change of the program gets to its sites, where Pulumi makes what they run on too. */
export function pulumiRunbooks({ manara, pulumi }: DossierContext): readonly Runbook[] {
  if (pulumi === undefined) return [];
  return [
    {
      practice: 'change',
      title: 'Bring a change to the stack',
      when: say`The program was changed and reviewed`,
      steps: [
        { does: say`See what the rules say of it`, commands: [manara('audit')] },
        { does: say`Read what would change`, commands: [pulumi('preview', '--diff')] },
        {
          does: say`Make the change. Pulumi waits until each Deployment is available`,
          commands: [pulumi('up')],
        },
      ],
    },
  ];
}

/** What shows the difference between the program and what there is. */
export function drift(site: Site, { manara, pulumi }: DossierContext): readonly string[] {
  return pulumi === undefined
    ? [manara('synth', '-o', 'dist'), kubectlFiles(site, 'diff')]
    : [pulumi('refresh', '--preview-only', '--diff')];
}
