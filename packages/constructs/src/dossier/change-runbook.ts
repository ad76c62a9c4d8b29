import type { Site } from '../site';
import type { DossierContext, Runbook } from './dossier-part';
import { kubectlFiles, shell } from './shell';
import { say } from './text';

/** How a change of the program gets to a site. */
export function fileRunbooks(site: Site, context: DossierContext): readonly Runbook[] {
  return context.deployedBy === 'pulumi' ? [] : [kubectlRunbook(site, context)];
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
export function pulumiRunbook({ manara, stack }: DossierContext): Runbook {
  const named = stack === undefined ? [] : ['--stack', stack];
  return {
    practice: 'change',
    title: 'Bring a change to the stack',
    when: say`The program was changed and reviewed`,
    steps: [
      { does: say`See what the rules say of it`, commands: [manara('audit')] },
      {
        does: say`Read what would change`,
        commands: [shell('pulumi', 'preview', '--diff', ...named)],
      },
      {
        does: say`Make the change. Pulumi waits until each Deployment is available`,
        commands: [shell('pulumi', 'up', ...named)],
      },
    ],
  };
}
