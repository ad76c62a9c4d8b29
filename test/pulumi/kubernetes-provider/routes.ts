/** Where the addresses of private clusters lead, as JSON: what the DNS of their networks would say. */
export const routesVariable = 'MANARA_TEST_ROUTES';

/** Where an address leads: to itself, unless a test says otherwise. */
export function routed(url: string, { [routesVariable]: routes }: NodeJS.ProcessEnv): string {
  const known = JSON.parse(routes ?? '{}') as Readonly<Record<string, string>>;
  return known[url] ?? url;
}
