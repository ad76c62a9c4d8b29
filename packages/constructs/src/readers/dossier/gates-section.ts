import type { DossierSection } from '../../dossier/dossier-model';
import type { DossierContext, DossierPart, Gate, Uncontrolled } from '../../dossier/dossier-part';
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

function gatesOfProgram({ manara, pulumi, policyPack }: DossierContext): readonly Gate[] {
  if (pulumi === undefined) {
    return [
      {
        stage: 'build',
        name: 'Synthesis',
        checks: say`Every prop and every object of the tree, and the residency audit once more; nothing is written of a tree that is refused`,
        command: manara('synth', '-o', 'dist'),
      },
    ];
  }
  return [
    {
      stage: 'deploy',
      name: 'Preview',
      checks: say`Every prop, every object and every component of a cloud, and the residency audit once more; a tree that is refused ends the preview`,
      command: pulumi('preview'),
    },
    ...(policyPack === undefined
      ? []
      : [
          {
            stage: 'deploy' as const,
            name: 'Policy pack',
            checks: say`Every resource of the stack by itself, those that no construct made too`,
            command: pulumi('preview', '--policy-pack', policyPack),
          },
        ]),
  ];
}

/** What is in a stack beside the tree, and judged by nothing. */
export function gapsOfProgram({ pulumi, policyPack }: DossierContext): readonly Uncontrolled[] {
  if (pulumi === undefined || policyPack !== undefined) return [];
  return [
    {
      owner: 'the stack',
      what: say`Resources that no construct of the tree made: there is no policy pack in the folder ${'policy'}`,
      instead: say`Add a policy pack with ${'@manara/policy'}, and run ${pulumi('up', '--policy-pack', 'policy')}`,
    },
  ];
}
