import type { ModelEndpoint, Site } from '@manara/constructs';
import type { Check } from './check';
import { failureOf, type Reply, type SiteClient } from './site-client';

/** An endpoint at a site, with whom to ask there. */
export interface AskedSite {
  readonly site: Site;
  readonly client: SiteClient;
}

/** Whether the server is ready, and every version that the tree declares. */
export async function readinessAt(
  { name, versions }: ModelEndpoint,
  { site, client }: AskedSite,
): Promise<readonly Check[]> {
  const check = (what: string, reply: Reply): Check => {
    const failure = failureOf(reply);
    return {
      verdict: failure === undefined ? 'ok' : 'failed',
      endpoint: name,
      what,
      site: site.node.id,
      found: failure ?? 'ready',
    };
  };
  const server = await client.serverReady();
  const checks = [check('server', server)];
  for (const { number } of versions) {
    // Where nobody answers, every question would wait as long again.
    const reply = server.answered
      ? await client.versionReady(name, number)
      : { ...server, why: 'not asked: the server does not answer' };
    checks.push(check(`version ${number}`, reply));
  }
  return checks;
}
