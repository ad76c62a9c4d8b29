import { type DeclaredFlow, flowEnds } from '../flow';
import { isLate } from '../late-marker';
import { compliant, notApplicable, type Rule, violation } from '../rule';

/**
 * Data about people is encrypted on its way: PDPL Art 20. Taken as the floor for every class but
 * public, and in the free zones. What is said of a flow is believed only as far as its ends bear it out:
 * an address of another protocol refutes TLS, and one on a network refutes that a flow is local.
 */
export const personalDataIsEncrypted: Rule = {
  id: 'personal-data-is-encrypted',
  title: 'data of every class but public is encrypted on its way',
  sources: [
    {
      title: 'Federal Decree-Law 45/2021 (PDPL), Art 20',
      where: 'uaepdpl.com, reproduced text',
      standing: 'secondary',
      read: '2026-11-22',
    },
    {
      title:
        'Art 20 taken as the floor for health, financial and government data, and in DIFC and ADGM',
      where: 'inferred by Manara',
      standing: 'computed',
      read: '2026-11-22',
    },
  ],
  check(flow) {
    if (flow.status !== 'declared') return notApplicable;
    const classes = flow.dataClasses.filter((dataClass) => dataClass.id !== 'public');
    if (classes.length === 0) return notApplicable;
    const carried = classes.map((dataClass) => dataClass.title).join(' and ');
    const sends = `"${flow.from.name}" sends ${carried} to "${flow.to.name}"`;
    switch (flow.encryption) {
      case 'unconnected':
        return compliant;
      case 'tls': {
        const plain = addressOutside(encryptedSchemes, flow);
        if (plain === undefined) return compliant;
        return violation(
          `${sends} over ${plain}, which is not known to be encrypted, though the flow claims TLS`,
          fix,
        );
      }
      case 'local': {
        const away = addressOutside(localSchemes, flow);
        if (away === undefined) return compliant;
        return violation(`${sends} at ${away}, though the flow is said to be local`, fix);
      }
      case 'unknown':
        return violation(`${sends}, and nothing says whether it is encrypted`, fix);
      case 'none':
        return violation(`${sends} without encryption`, fix);
      default:
        return violation(`${sends} with the unknown encryption "${String(flow.encryption)}"`, fix);
    }
  },
};

const fix = 'use an address over TLS, such as https: or rediss:';

/** What stays on the machine, or on the cluster's own disks. */
const localSchemes = /^(?:file|pvc):\/\//i;
/** Protocols over TLS, the API of every object store among them. */
const encryptedSchemes = /^(?:https|grpcs|rediss|s3a?|gs|az|azblob|abfss|oci|hf|file|pvc):\/\//i;

function addressOutside(schemes: RegExp, flow: DeclaredFlow): string | undefined {
  return flowEnds(flow)
    .flatMap((end) => (end.uri === undefined || isLate(end.uri) ? [] : [end.uri]))
    .find((uri) => !schemes.test(uri));
}
