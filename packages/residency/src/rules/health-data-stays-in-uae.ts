import { localisationRule } from './shared/localisation-rule';

/**
 * Health data is not transferred, stored, generated or processed outside the UAE: ICT Health Law
 * 2/2019, Art 13. Inference abroad is a breach even where nothing is stored, and the law applies in the
 * free zones. The conditional exceptions of Ministerial Decision 51/2021 are not modelled: a flow that
 * rests on one is still refused.
 */
export const healthDataStaysInUae = localisationRule({
  id: 'health-data-stays-in-uae',
  title: 'health data is not transferred, stored, generated or processed outside the UAE',
  sources: [
    {
      title: 'Federal Law 2/2019 (ICT in Health Fields), Art 13',
      where: 'bakermckenzie.com',
      standing: 'secondary',
      read: '2026-11-22',
    },
    {
      title: 'Federal Law 2/2019 applies in free zones',
      where: 'lexology.com',
      standing: 'secondary',
      read: '2026-11-22',
    },
  ],
  dataClass: 'health',
  subject: 'health data',
  forbids: 'transferred, stored, generated or processed',
  fix: 'move it to a place in the UAE; the exceptions of Ministerial Decision 51/2021 are conditional and are not modelled',
});
