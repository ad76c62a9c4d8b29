import { violation } from '../../src/rule';
import { uriMatchesPlace } from '../../src/rules/uri-matches-place';
import { flowOf, undeclaredFlow, verdicts } from '../support';

const bucket = (region: string) => `https://weights.s3.${region}.amazonaws.com/fraud`;

verdicts(uriMatchesPlace, [
  {
    name: 'a bucket in the region that it is declared at',
    flow: flowOf({
      from: { name: 'bucket', place: 'aws:me-central-1', uri: bucket('me-central-1') },
    }),
    verdict: 'compliant',
  },
  {
    name: 'a bucket in another region of the cloud',
    flow: flowOf({ from: { name: 'bucket', place: 'aws:me-central-1', uri: bucket('eu-west-1') } }),
    verdict: violation(
      '"bucket" is declared at aws:me-central-1, but its address weights.s3.eu-west-1.amazonaws.com is in aws:eu-west-1',
      'use an address in aws:me-central-1, or declare the place aws:eu-west-1',
    ),
  },
  {
    name: 'the region of that name of another cloud',
    flow: flowOf({
      to: { name: 'api', place: 'aws:me-central-1', uri: 'https://ecs.me-central-1.aliyuncs.com' },
    }),
    verdict: violation(
      '"api" is declared at aws:me-central-1, but its address ecs.me-central-1.aliyuncs.com is in alibaba:me-central-1',
      'use an address in aws:me-central-1, or declare the place alibaba:me-central-1',
    ),
  },
  {
    name: 'a cloud region passed off as a building of one’s own',
    flow: flowOf({
      to: { name: 'api', place: 'onprem:hq', uri: 'https://x.westeurope.cloudapp.azure.com/' },
    }),
    verdict: violation(
      '"api" is declared at onprem:hq, but its address x.westeurope.cloudapp.azure.com is in azure:westeurope',
      'use an address in onprem:hq, or declare the place azure:westeurope',
    ),
  },
  {
    name: 'an address that names no region',
    flow: flowOf({ to: { name: 'logs', place: 'azure:uaenorth', uri: 'https://bank.azurecr.io' } }),
    verdict: 'not-applicable',
  },
  {
    name: 'an address that is partly late',
    flow: flowOf({
      from: { name: 'b', place: 'aws:me-central-1', uri: bucket('eu-west-1') + '/${late:key}' },
    }),
    verdict: 'not-applicable',
  },
  { name: 'an undeclared flow', flow: undeclaredFlow(), verdict: 'not-applicable' },
]);
