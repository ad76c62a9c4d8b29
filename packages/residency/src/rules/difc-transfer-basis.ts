import { jurisdictionOf } from '../zone';
import { transferRule } from './shared/transfer-rule';

/**
 * Personal data of a DIFC zone is outside the DIFC only on a basis of its Data Protection Law 5/2020,
 * Art 26 or 27. Onshore UAE is outside, and so is every cloud region: none stands in the DIFC.
 */
export const difcTransferBasis = transferRule({
  id: 'difc-transfer-basis',
  title: 'personal data of a DIFC zone is outside the DIFC on a DIFC basis only',
  sources: [
    {
      title: 'DIFC Data Protection Law 5/2020, Arts 26 and 27',
      where: 'difc.ae',
      standing: 'primary',
      read: '2026-11-22',
    },
    {
      title: 'DIFC: a third country is anywhere other than the DIFC, including onshore UAE',
      where: 'dlapiperdataprotection.com, c=AE2',
      standing: 'secondary',
      read: '2026-11-22',
    },
    {
      title: 'Health and financial consumer data are about people, so they are personal data too',
      where: 'inferred by Manara',
      standing: 'computed',
      read: '2026-11-22',
    },
  ],
  jurisdiction: 'DIFC',
  classes: ['personal', 'health', 'financial'],
  isAbroad: (place, zone) => jurisdictionOf(place, zone) !== 'DIFC',
  cites: /\bDIFC\b.*\bArt(?:icle)?s?\.?\s*2[67]\b/i,
  example: 'DIFC DPL Art 27',
  articles: 'DIFC DPL Art 26 or 27',
});
