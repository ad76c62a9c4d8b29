import { DataClass } from '../../src';
import { violation } from '../../src/rule';
import { knownHostIsInZone } from '../../src/rules/known-host-is-in-zone';
import { absentFlow, flowOf, verdicts } from '../support';

const mirror = "mirror it inside the zone and use the mirror's address";

verdicts(knownHostIsInZone, [
  {
    name: 'a host that the table does not know',
    flow: flowOf({ to: { name: 'logs', place: 'azure:uaenorth', uri: 'https://logs.bank.ae' } }),
    verdict: 'not-applicable',
  },
  { name: 'a flow without addresses', flow: flowOf(), verdict: 'not-applicable' },
  { name: 'an absent flow', flow: absentFlow(), verdict: 'not-applicable' },
  {
    name: 'a known host in an address that is late',
    flow: flowOf({
      to: { name: 'logs', place: 'azure:uaenorth', uri: 'https://${late:org}.datadoghq.eu' },
    }),
    verdict: 'not-applicable',
  },
  {
    name: 'a bucket that is called like a host',
    flow: flowOf({ to: { name: 'b', place: 'aws:me-central-1', uri: 's3://ghcr.io/models' } }),
    verdict: 'not-applicable',
  },
  {
    name: 'Datadog EU, declared in Germany',
    flow: flowOf({
      to: { name: 'logs', place: 'azure:germanywestcentral', uri: 'https://app.datadoghq.eu' },
    }),
    verdict: 'compliant',
  },
  {
    name: 'Datadog US, passed off as UAE',
    flow: flowOf({
      to: {
        name: 'logs',
        place: 'azure:uaenorth',
        uri: 'https://intake.logs.datadoghq.com:443/v1',
      },
    }),
    verdict: violation(
      '"logs" is declared at azure:uaenorth, but datadoghq.com (Datadog) is in US: Getting Started with Datadog Sites, table of sites and locations',
      mirror,
    ),
  },
  {
    name: 'Datadog UK is not taken for its US parent domain',
    flow: flowOf({
      to: { name: 'logs', place: 'onprem:hq', uri: 'https://api.uk1.datadoghq.com' },
    }),
    verdict: violation(
      '"logs" is declared at onprem:hq, but uk1.datadoghq.com (Datadog) is in GB: Datadog agent-skills, dd-account-setup, regions.md: UK1 is London',
      mirror,
    ),
  },
  {
    name: 'Docker Hub, even for public data',
    flow: flowOf({
      kind: 'image',
      dataClasses: [DataClass.PUBLIC],
      from: { name: 'images', place: 'aws:me-central-1', uri: 'docker.io/library/nginx:1.25' },
    }),
    verdict: violation(
      '"images" is declared at aws:me-central-1, but docker.io (Docker Hub) is in no fixed place: Docker Desktop, Allowlist: pulls and pushes go through Cloudflare and CloudFront',
      mirror,
    ),
  },
  {
    name: 'an image registry without a host, which is Docker Hub',
    flow: flowOf({
      kind: 'image',
      from: { name: 'images', place: 'aws:me-central-1', uri: 'https://library' },
    }),
    verdict: violation(
      '"images" is declared at aws:me-central-1, but docker.io (Docker Hub) is in no fixed place: Docker Desktop, Allowlist: pulls and pushes go through Cloudflare and CloudFront',
      mirror,
    ),
  },
  {
    name: 'an image registry on this machine',
    flow: flowOf({
      kind: 'image',
      from: { name: 'images', place: 'onprem:hq', uri: 'https://localhost:5000' },
    }),
    verdict: 'not-applicable',
  },
  {
    name: 'an image registry that is late',
    flow: flowOf({
      kind: 'image',
      from: { name: 'images', place: 'onprem:hq', uri: 'https://${late:registry}/a' },
    }),
    verdict: 'not-applicable',
  },
  {
    name: 'LaunchDarkly EU is in Germany and in the US',
    flow: flowOf({
      to: { name: 'flags', place: 'aws:me-central-1', uri: 'https://stream.eu.launchdarkly.com' },
    }),
    verdict: violation(
      '"flags" is declared at aws:me-central-1, but eu.launchdarkly.com (LaunchDarkly EU) is in DE and US: LaunchDarkly in the EU: Frankfurt, with monitoring and CDN in the United States',
      mirror,
    ),
  },
]);
