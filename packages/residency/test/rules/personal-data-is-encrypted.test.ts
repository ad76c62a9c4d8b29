import { DataClass } from '../../src';
import { violation } from '../../src/rule';
import { personalDataIsEncrypted } from '../../src/rules/personal-data-is-encrypted';
import { absentFlow, flowOf, verdicts } from '../support';

const plain = (uri: string) => ({ name: 'log sink', place: 'azure:uaenorth', uri }) as const;

verdicts(personalDataIsEncrypted, [
  { name: 'TLS', flow: flowOf(), verdict: 'compliant' },
  { name: 'a local flow', flow: flowOf({ encryption: 'local' }), verdict: 'compliant' },
  {
    name: 'a plain address inside mutual TLS: the mesh encrypts',
    flow: flowOf({ encryption: 'mutual-tls', to: plain('http://logs.svc:4318') }),
    verdict: 'compliant',
  },
  {
    name: 'a late address',
    flow: flowOf({ to: plain('http://${late:host}/') }),
    verdict: 'compliant',
  },
  {
    name: 'no encryption',
    flow: flowOf({ encryption: 'none' }),
    verdict: violation(
      '"site primary" sends personal data to "log sink" without encryption',
      'use an https: address, or mutual TLS in the mesh',
    ),
  },
  {
    name: 'every class but public counts, and public beside it changes nothing',
    flow: flowOf({
      encryption: 'none',
      dataClasses: [DataClass.PUBLIC, DataClass.GOVERNMENT, DataClass.HEALTH],
    }),
    verdict: violation(
      '"site primary" sends government data and health data to "log sink" without encryption',
      'use an https: address, or mutual TLS in the mesh',
    ),
  },
  {
    name: 'a plain address under a claim of TLS',
    flow: flowOf({ to: plain('HTTP://logs.bank.ae/') }),
    verdict: violation(
      '"site primary" sends personal data over HTTP://logs.bank.ae/, which is not encrypted, though the flow claims TLS',
      'use an https: address',
    ),
  },
  {
    name: 'public data only',
    flow: flowOf({ encryption: 'none', dataClasses: [DataClass.PUBLIC] }),
    verdict: 'not-applicable',
  },
  {
    name: 'a flow without data classes',
    flow: flowOf({ encryption: 'none', dataClasses: [] }),
    verdict: 'not-applicable',
  },
  { name: 'an absent flow', flow: absentFlow(), verdict: 'not-applicable' },
]);
