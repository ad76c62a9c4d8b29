import { DataClass } from '../../src';
import { violation } from '../../src/rule';
import { personalDataIsEncrypted } from '../../src/rules/personal-data-is-encrypted';
import { absentFlow, flowOf, verdicts } from '../support';

const plain = (uri: string) => ({ name: 'log sink', place: 'azure:uaenorth', uri }) as const;

verdicts(personalDataIsEncrypted, [
  { name: 'TLS', flow: flowOf(), verdict: 'compliant' },
  {
    name: 'a flow that stays where it is',
    flow: flowOf({ encryption: 'local', to: { name: 'disk', place: 'aws:me-central-1' } }),
    verdict: 'compliant',
  },
  ...['file:///var/log/pods', 'pvc://logs', '${late:uri}'].map((uri) => ({
    name: `${uri}, which is local`,
    flow: flowOf({ encryption: 'local', to: plain(uri) }),
    verdict: 'compliant' as const,
  })),
  {
    name: 'a flow over a network that is said to be local',
    flow: flowOf({ encryption: 'local', to: plain('http://logs.bank.ae') }),
    verdict: violation(
      '"site primary" sends personal data to "log sink" at http://logs.bank.ae, though the flow is said to be local',
      'use an address over TLS, such as https: or rediss:',
    ),
  },
  {
    name: 'a way that nobody describes',
    flow: flowOf({ encryption: 'unknown' }),
    verdict: violation(
      '"site primary" sends personal data to "log sink", and nothing says whether it is encrypted',
      'use an address over TLS, such as https: or rediss:',
    ),
  },
  {
    name: 'a value that no rule knows',
    flow: flowOf({ encryption: 'TLS' as 'tls' }),
    verdict: violation(
      '"site primary" sends personal data to "log sink" with the unknown encryption "TLS"',
      'use an address over TLS, such as https: or rediss:',
    ),
  },
  {
    name: 'ends that exchange nothing',
    flow: flowOf({ encryption: 'unconnected' }),
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
      'use an address over TLS, such as https: or rediss:',
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
      'use an address over TLS, such as https: or rediss:',
    ),
  },
  {
    name: 'a plain address under a claim of TLS',
    flow: flowOf({ to: plain('HTTP://logs.bank.ae/') }),
    verdict: violation(
      '"site primary" sends personal data to "log sink" over HTTP://logs.bank.ae/, which is not known to be encrypted, though the flow claims TLS',
      'use an address over TLS, such as https: or rediss:',
    ),
  },
  ...['grpc://otel.bank.ae:4317', 'ftp://logs.bank.ae', 'collector:4317'].map((uri) => ({
    name: `${uri} under a claim of TLS`,
    flow: flowOf({ to: plain(uri) }),
    verdict: 'violation' as const,
  })),
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
