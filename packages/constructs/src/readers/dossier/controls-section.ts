import type { DossierContent, DossierSection } from '../../dossier/dossier-model';
import {
  type Control,
  type DossierPart,
  type Enforcement,
  enforcements,
} from '../../dossier/dossier-part';
import { shownEvidence } from '../../dossier/evidence';
import { say } from '../../dossier/text';

const titles: Readonly<Record<Enforcement, string>> = {
  type: 'When it is compiled',
  synth: 'When it is synthesized',
  admission: 'When Kubernetes admits it',
  network: 'In the network',
  mesh: 'In the mesh',
  gateway: 'At the gateway',
  server: 'In the server',
  cloud: 'In the cloud',
};

type Parts = Required<DossierPart>;

/** Controls whose evidence the tree does not bear out: somebody patched what they rest on. */
export function missingControls({ controls }: Parts): readonly Control[] {
  return controls.filter((control) => !isHeld(control));
}

function isHeld({ evidence }: Control): boolean {
  return shownEvidence(evidence).holds;
}

/** Which control holds where, with its evidence, and what none holds. */
export function controlsSection(parts: Parts): DossierSection {
  const missing = missingControls(parts);
  const held = parts.controls.filter(isHeld);
  return {
    id: 'controls',
    title: 'Controls',
    content: [
      {
        kind: 'paragraph',
        text: say`Each control with where it holds and what shows it. Evidence that names a file is read from the object as ${'manara synth'} writes it.`,
      },
      ...missing.map(missingCallout),
    ],
    sections: [
      ...enforcements.flatMap((at) => controlTable(at, held)),
      ...uncontrolledSection(parts),
    ],
  };
}

function missingCallout(control: Control): DossierContent {
  return {
    kind: 'callout',
    tone: 'bad',
    title: `Missing: a control of ${control.owner}`,
    text: say`${control.what}. The tree does not bear it out: ${shownEvidence(control.evidence).text}`,
  };
}

function controlTable(at: Enforcement, controls: readonly Control[]): readonly DossierSection[] {
  const here = controls.filter((control) => control.at === at);
  if (here.length === 0) return [];
  return [
    {
      id: `controls-${at}`,
      title: titles[at],
      content: [
        {
          kind: 'table',
          title: titles[at],
          head: ['Of', 'Control', 'Evidence'],
          rows: here.map(({ what, owner, evidence }) => ({
            cells: [say`${owner}`, what, shownEvidence(evidence).text],
          })),
        },
      ],
    },
  ];
}

function uncontrolledSection({ uncontrolled }: Parts): readonly DossierSection[] {
  if (uncontrolled.length === 0) return [];
  return [
    {
      id: 'not-controlled',
      title: 'What is not controlled',
      content: [
        {
          kind: 'paragraph',
          text: say`Nothing in this program holds these. Somebody has to.`,
        },
        {
          kind: 'table',
          title: 'What is not controlled',
          head: ['Of', 'What', 'What to do'],
          rows: uncontrolled.map(({ what, owner, instead }) => ({
            cells: [say`${owner}`, what, instead],
          })),
        },
      ],
    },
  ];
}
