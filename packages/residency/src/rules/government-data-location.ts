import { carries } from '../flow';
import { notApplicable, notAssessed, type Rule } from '../rule';

/**
 * Where government data may be. The National Cloud Security Policy covers it, but its tiers were not
 * verified, and no rule may rest on what was not: the question is left open, visibly.
 */
export const governmentDataLocation: Rule = {
  id: 'government-data-location',
  title: 'where government data may be: not assessed',
  sources: [
    {
      title:
        'National Cloud Security Policy: binds government entities, covers the location of data',
      where: 'pinsentmasons.com',
      standing: 'secondary',
      read: '2026-11-22',
    },
  ],
  check(flow) {
    if (flow.status !== 'declared' || !carries(flow, 'government')) return notApplicable;
    return notAssessed(
      'no rule on the location of government data is implemented: the tiers of the National Cloud Security Policy were not verified',
    );
  },
};
