import { violation } from '../../src/rule';
import { addressRangeIsPlausible } from '../../src/rules/address-range-is-plausible';
import { absentFlow, flowOf, verdicts } from '../support';

const reached = (...addresses: readonly string[]) =>
  flowOf({ to: { name: 'bucket', place: 'aws:me-central-1', addresses } });
const wide = (cidr: string, width: number) =>
  violation(
    `"bucket" is declared at aws:me-central-1 and reached at ${cidr}, which is public and wider than /${width}: no one place has it all`,
    'name the ranges of its private endpoint, or the public ranges that its operator publishes for that place',
  );

verdicts(addressRangeIsPlausible, [
  { name: 'no addresses', flow: flowOf(), verdict: 'not-applicable' },
  { name: 'an absent flow', flow: absentFlow(), verdict: 'not-applicable' },
  {
    name: 'a late range',
    flow: reached('${late:range}', '10.${late:n}.0.0/16'),
    verdict: 'not-applicable',
  },
  ...[
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    '169.254.20.10/32',
    '127.0.0.1/32',
    'fc00::/7',
    'fe80::/10',
    '::1/128',
    '52.95.0.0/16',
    '3.28.72.0/24',
    '2406:da00::/32',
  ].map((cidr) => ({ name: cidr, flow: reached(cidr), verdict: 'compliant' as const })),
  ...['52.0.0.0/8', '52.94.0.0/15', '10.0.0.0/7', '172.0.0.0/11', '0.0.0.0/0'].map((cidr) => ({
    name: cidr,
    flow: reached('10.20.0.0/24', cidr),
    verdict: wide(cidr, 16),
  })),
  ...['2400::/12', '2406:da00::/31', 'fc00::/6', '::/0'].map((cidr) => ({
    name: cidr,
    flow: reached(cidr),
    verdict: wide(cidr, 32),
  })),
  ...['10.20.0.0', '10.20.0.0/33', 'bucket.bank.ae/24', '10.20.0.0/24/1', ''].map((cidr) => ({
    name: `"${cidr}", which is no range`,
    flow: reached(cidr),
    verdict: violation(
      `"bucket" is declared at aws:me-central-1 and reached at ${cidr}, which is no address range`,
      'write it as <address>/<prefix>: 10.20.0.0/24',
    ),
  })),
]);
