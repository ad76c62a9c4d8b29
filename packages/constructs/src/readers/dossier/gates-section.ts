import type { DossierSection } from '../../dossier/dossier-model';
import type { DossierContext, DossierPart, Gate } from '../../dossier/dossier-part';
import { shell } from '../../dossier/shell';
import { say } from '../../dossier/text';

const stages: Readonly<Record<Gate['stage'], string>> = {
  code: 'Code',
  build: 'Build',
  deploy: 'Deployment',
  run: 'Start of a pod',
};

/** What checks a change on its way from the program to its clusters. */
export function gatesSection(
  { gates }: Required<DossierPart>,
  context: DossierContext,
): DossierSection {
  const all = [...gates, ...gatesOfProgram(context)];
  const order = Object.keys(stages);
  const sorted = [...all].sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
  return {
    id: 'gates',
    title: 'DevSecOps gates',
    content: [
      {
        kind: 'paragraph',
        text: say`What checks a change on its way. A command ends with 1 where it refuses. The program does not show whether a pipeline runs these.`,
      },
      {
        kind: 'table',
        title: 'DevSecOps gates',
        head: ['Stage', 'Gate', 'What it checks', 'Command'],
        rows: sorted.map(({ stage, name, checks, command }) => ({
          cells: [
            [stages[stage]],
            [name],
            checks,
            command === undefined ? ['by itself'] : say`${command}`,
          ],
        })),
      },
    ],
  };
}

function gatesOfProgram({ manara, deployedBy, stack }: DossierContext): readonly Gate[] {
  if (deployedBy === 'kubectl') {
    return [
      {
        stage: 'build',
        name: 'Synthesis',
        checks: say`Every prop and every object of the tree, and the residency audit once more; nothing is written of a tree that is refused`,
        command: manara('synth', '-o', 'dist'),
      },
    ];
  }
  const named = stack === undefined ? [] : ['--stack', stack];
  return [
    {
      stage: 'deploy',
      name: 'Preview',
      checks: say`Every prop, every object and every component of a cloud, and the residency audit once more; a tree that is refused ends the preview`,
      command: shell('pulumi', 'preview', ...named),
    },
    {
      stage: 'deploy',
      name: 'Policy pack',
      checks: say`Every resource of the stack by itself, those that are no construct's too; for a pack in the folder ${'policy'} with ${'@manara/policy'}`,
      command: shell('pulumi', 'preview', ...named, '--policy-pack', 'policy'),
    },
  ];
}
