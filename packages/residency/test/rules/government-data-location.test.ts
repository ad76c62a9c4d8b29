import { DataClass } from '../../src';
import { notAssessed } from '../../src/rule';
import { governmentDataLocation } from '../../src/rules/government-data-location';
import { absentFlow, flowOf, verdicts } from '../support';

verdicts(governmentDataLocation, [
  {
    name: 'government data, even where it stays in one place in the UAE',
    flow: flowOf({ dataClasses: [DataClass.PERSONAL, DataClass.GOVERNMENT] }),
    verdict: notAssessed(
      'no rule on the location of government data is implemented: the tiers of the National Cloud Security Policy were not verified',
    ),
  },
  { name: 'other data', flow: flowOf(), verdict: 'not-applicable' },
  {
    name: 'an absent flow',
    flow: absentFlow({ dataClasses: [DataClass.GOVERNMENT] }),
    verdict: 'not-applicable',
  },
]);
