import { jurisdictionOf } from '../zone';
import { transferRule } from './shared/transfer-rule';

/**
 * Personal data of an ADGM zone is outside the ADGM only on a basis of its Data Protection Regulations
 * 2021, s.40 or s.41. Onshore UAE is outside, and so is every cloud region: none stands in the ADGM.
 */
export const adgmTransferBasis = transferRule({
  id: 'adgm-transfer-basis',
  title: 'personal data of an ADGM zone is outside the ADGM on an ADGM basis only',
  sources: [
    {
      title: 'ADGM Data Protection Regulations 2021, ss.40 and 41: transfers outside of ADGM',
      where: 'adgmen.thomsonreuters.com, entiresection 23384',
      standing: 'primary',
      read: '2026-11-22',
    },
    {
      title: 'Health and financial consumer data are about people, so they are personal data too',
      where: 'inferred by Manara',
      standing: 'computed',
      read: '2026-11-22',
    },
  ],
  jurisdiction: 'ADGM',
  classes: ['personal', 'health', 'financial'],
  isAbroad: (place, zone) => jurisdictionOf(place, zone) !== 'ADGM',
  cites: /\bADGM\b.*\b(?:s{1,2}|sec(?:tion)?s?)\.?\s*4[01]\b/i,
  example: 'ADGM DPR s.41',
  articles: 'ADGM DPR s.40 or s.41',
});
