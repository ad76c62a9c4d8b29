import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

/** Debian's, or the one that `MANARA_CHROMIUM` names. No browser is ever downloaded. */
const program = process.env.MANARA_CHROMIUM ?? '/usr/bin/chromium';

/** Why no browser can be had here; `undefined` where one can. */
export function whyNoBrowser(): string | undefined {
  if (existsSync(program)) return undefined;
  return `no browser at ${program}: apt-get install chromium, or set MANARA_CHROMIUM`;
}

/** A browser that speaks to nobody of its own accord. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
}
