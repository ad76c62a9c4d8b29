import { DataClass } from '../../src';
import { violation } from '../../src/rule';
import { flowCanBeJudged } from '../../src/rules/flow-can-be-judged';
import { absentFlow, flowOf, undeclaredFlow, verdicts } from '../support';

/** What plain JavaScript, a cast or another package can put where a type is expected. */
const untyped = (value: unknown) => value as never;
const classes = 'write DataClass.PERSONAL, HEALTH, FINANCIAL, GOVERNMENT or PUBLIC';

verdicts(flowCanBeJudged, [
  { name: 'a declared flow', flow: flowOf(), verdict: 'compliant' },
  { name: 'an absent flow', flow: absentFlow(), verdict: 'compliant' },
  { name: 'an undeclared flow', flow: undeclaredFlow(), verdict: 'compliant' },
  {
    name: 'a flow that carries nobody’s data',
    flow: flowOf({ dataClasses: [] }),
    verdict: 'compliant',
  },
  {
    name: 'classes and jurisdiction of a second copy of the package',
    zone: { jurisdiction: untyped({ id: 'DIFC' }) },
    flow: flowOf({ dataClasses: [untyped({ id: 'health' })] }),
    verdict: 'compliant',
  },
  {
    name: 'a data class that is a text',
    flow: flowOf({ dataClasses: [DataClass.PERSONAL, untyped('health')] }),
    verdict: violation('dataClasses: no rule knows "health"', classes),
  },
  {
    name: 'a data class of another id, on an absent flow',
    flow: absentFlow({ dataClasses: [untyped({ id: 'secret', toString: () => 'secret' })] }),
    verdict: violation('dataClasses: no rule knows "secret"', classes),
  },
  {
    name: 'a zone whose jurisdiction is a text',
    zone: { jurisdiction: untyped('AE-onshore') },
    flow: flowOf(),
    verdict: violation(
      'the zone’s jurisdiction: no rule knows "AE-onshore"',
      'write Jurisdiction.AE_ONSHORE, DIFC or ADGM',
    ),
  },
  {
    name: 'no list of data classes',
    flow: flowOf({ dataClasses: untyped('personal') }),
    verdict: violation('dataClasses: no rule knows "personal"', 'write a list of DataClass'),
  },
  {
    name: 'another encryption',
    flow: flowOf({ encryption: untyped('mutual-tls') }),
    verdict: violation(
      'encryption: no rule knows "mutual-tls"',
      'write one of tls, local, unconnected, unknown, none',
    ),
  },
  {
    name: 'another status',
    flow: flowOf({ status: untyped('ok') }),
    verdict: violation('status: no rule knows "ok"', 'write one of declared, absent, undeclared'),
  },
]);
