import type { DossierSection } from '../../dossier/dossier-model';
import { pulumiRunbooks } from '../../dossier/change-runbook';
import {
  type DossierContext,
  type DossierPart,
  type Practice,
  practices,
  type Runbook,
} from '../../dossier/dossier-part';
import { say } from '../../dossier/text';

const titles: Readonly<Record<Practice, string>> = {
  incident: 'Incident',
  change: 'Change',
  capacity: 'Capacity',
  continuity: 'Continuity',
};

/** What people do, practice by practice, with the names that this tree has. */
export function runbooksSection(
  { runbooks }: Required<DossierPart>,
  context: DossierContext,
): DossierSection {
  const all = [...pulumiRunbooks(context), ...runbooks];
  return {
    id: 'runbooks',
    title: 'Runbooks',
    content: [
      {
        kind: 'paragraph',
        text: say`Commands find a site's cluster by a context of kubectl that is called as the site; ${'kubectl config rename-context'} gives it that name.`,
      },
    ],
    sections: practices.flatMap((practice) => {
      const of = all.filter((one) => one.practice === practice);
      if (of.length === 0) return [];
      return [
        {
          id: `runbooks-${practice}`,
          title: titles[practice],
          content: [],
          sections: of.map(runbookSection),
        },
      ];
    }),
  };
}

function runbookSection({ title, when, steps, practice }: Runbook): DossierSection {
  return {
    id: `${practice}-${title}`,
    title,
    content: [
      { kind: 'paragraph', text: say`When: ${when}.` },
      {
        kind: 'steps',
        steps: steps.map(({ does, commands = [], queries = [] }) => ({
          text: does,
          commands,
          queries,
        })),
      },
    ],
  };
}
