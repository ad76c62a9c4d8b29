import type { IConstruct } from 'constructs';
import { ConstructError } from '../../construct-error';
import type { Dossier } from '../../dossier/dossier-model';
import { describesItself, dossierPart, mergeParts } from '../../dossier/dossier-part';
import { dossierContext, type DossierProgram } from './context';
import type { LateValues } from '../../late/late';
import { ModelEndpoint } from '../../model-endpoint';
import { ResidencyZone } from '../../residency-zone';
import { auditTree } from '../audit-tree';
import { blocksSection } from './blocks-section';
import { controlsSection } from './controls-section';
import { filledDossier } from './late-section';
import { flowsSection } from './flows-section';
import { gapsOfProgram, gatesSection } from './gates-section';
import { factsOf, overviewSection } from './overview';
import { runbooksSection } from './runbooks-section';

export interface DossierOptions {
  /**
   * How people run the program, for the commands.
   * @default - manara, in the folder of its main.ts
   */
  readonly program?: DossierProgram;
  /**
   * Late values by name. The document names those that are missing.
   * @default - none
   */
  readonly values?: LateValues;
}

/**
 * Trees as a document that people read: building blocks, data flows, controls and what is not controlled,
 * gates, runbooks. What breaks a rule of residency stands in it, marked.
 *
 * @throws ConstructError MANARA_DOSSIER for trees without an endpoint, and for what synth would refuse for
 * other reasons than residency
 */
export function dossier(roots: readonly IConstruct[], options: DossierOptions = {}): Dossier {
  const { program = {}, values = {} } = options;
  const all = roots.flatMap((root) => root.node.findAll());
  refuseEmpty(all);
  refuseFaults(all);
  const context = dossierContext(program);
  const audits = roots.flatMap((root) => auditTree(root, values));
  const parts = mergeParts([
    ...all.filter(describesItself).map((one) => one[dossierPart](context)),
    { uncontrolled: gapsOfProgram(context) },
  ]);
  const zones = all.filter((one) => ResidencyZone.isResidencyZone(one));
  const described = { all, audits, parts, zones };
  return filledDossier(
    {
      title: `Dossier of ${zones.map(({ name }) => name).join(', ')}`,
      facts: factsOf(described),
      sections: [
        overviewSection(described),
        blocksSection(parts, context),
        flowsSection(audits, all),
        controlsSection(parts),
        gatesSection(parts, context),
        runbooksSection(parts, context),
      ],
    },
    values,
  );
}

function refuseEmpty(all: readonly IConstruct[]): void {
  if (all.some((one) => ModelEndpoint.isModelEndpoint(one))) return;
  throw new ConstructError(
    'MANARA_DOSSIER',
    'dossier',
    'tree: expected at least one ModelEndpoint, received none; there is nothing to describe',
  );
}

/** Residency is no fault here, nor a late value; whatever else synth refuses would make it all untrue. */
function refuseFaults(all: readonly IConstruct[]): void {
  const faults = all
    .filter((one) => !ResidencyZone.isResidencyZone(one))
    .flatMap(({ node }) => node.validate().map((fault) => `${node.path}: ${fault}`));
  if (faults.length === 0) return;
  throw new ConstructError(
    'MANARA_DOSSIER',
    'dossier',
    `tree: expected one that synth takes; ${faults.join('; ')}`,
  );
}
