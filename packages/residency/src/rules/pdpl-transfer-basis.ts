import { isInsideUae } from '../zone';
import { transferRule } from './shared/transfer-rule';

/**
 * Personal data of an onshore zone leaves the UAE only on a basis of Federal Decree-Law 45/2021
 * (PDPL): Art 22 (adequate protection) or Art 23 (otherwise). The law excludes government, health and
 * banking data, which have rules of their own, and it localises nothing by itself. No list of adequate
 * countries is shipped: none is verified. A free zone is inside the UAE, so it is not abroad here.
 */
export const pdplTransferBasis = transferRule({
  id: 'pdpl-transfer-basis',
  title: 'personal data of an onshore zone leaves the UAE on a PDPL basis only',
  sources: [
    {
      title: 'Federal Decree-Law 45/2021 (PDPL), Arts 22 and 23',
      where: 'uaepdpl.com, reproduced text',
      standing: 'secondary',
      read: '2026-11-22',
    },
    {
      title: 'PDPL, scope: government, health and banking data and own-law free zones excluded',
      where: 'gowlingwlg.com',
      standing: 'secondary',
      read: '2026-11-22',
    },
  ],
  jurisdiction: 'AE-onshore',
  classes: ['personal'],
  isAbroad: (place, zone) => !isInsideUae(place, zone),
  cites: /\b(?:PDPL|45\/2021)\b.*\bArt(?:icle)?s?\.?\s*2[23]\b/i,
  example: 'PDPL Art 23(1)',
  articles: 'PDPL Art 22 or 23',
});
