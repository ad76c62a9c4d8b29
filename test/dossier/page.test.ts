/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, whyNoBrowser } from './chromium';
import { type WrittenPage, writtenPages } from './pages';

// With motion, a page is on its way for a while after a link was followed.
const desktop = { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' } as const;
const phone = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  reducedMotion: 'reduce',
} as const;
const dark = { ...desktop, colorScheme: 'dark' } as const;

describe('the page of manara dossier, in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  let pages: readonly WrittenPage[];

  before(async function () {
    const why = whyNoBrowser();
    if (why !== undefined) {
      console.log(`skip: ${why}`);
      this.skip();
    }
    pages = writtenPages();
    browser = await launchBrowser();
  });

  // The browser is missing where the suite is skipped.
  after(async () => (browser as Browser | undefined)?.close());

  /** Opens each page, and closes it after what is done with it. */
  async function onEach(
    options: BrowserContextOptions,
    look: (page: Page, opened: Opened) => Promise<void>,
  ): Promise<void> {
    for (const { title, file } of pages) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const asked: string[] = [];
      const said: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(error.message));
      const url = pathToFileURL(file).href;
      await page.goto(url, { waitUntil: 'load' });
      await look(page, { title, url, asked, said });
      await context.close();
    }
  }

  it('asks for no other file, runs nothing and says nothing', async () => {
    await onEach(desktop, async (page, { title, url, asked, said }) => {
      assert.deepEqual(asked, [url], title);
      assert.deepEqual(said, [], title);
      assert.equal(await page.locator('script, link, img, iframe').count(), 0, title);
      assert.match(await page.title(), /^Dossier of /);
    });
  });

  it('has links that lead somewhere, and headings that skip no level', async () => {
    await onEach(desktop, async (page, { title }) => {
      const broken = await page.evaluate(() =>
        [...document.querySelectorAll('a[href^="#"]')]
          .map((link) => decodeURIComponent(link.getAttribute('href') ?? '').slice(1))
          .filter((id) => document.getElementById(id) === null),
      );
      assert.deepEqual(broken, [], title);
      const levels = await page.evaluate(() =>
        [...document.querySelectorAll('h1, h2, h3, h4, h5')].map((h) => Number(h.tagName.slice(1))),
      );
      assert.equal(levels[0], 1, title);
      assert.ok(
        levels.every((level, i) => level <= (levels[i - 1] ?? 0) + 1),
        title,
      );
      const ids = await page.evaluate(() =>
        [...document.querySelectorAll('[id]')].map((e) => e.id),
      );
      assert.equal(new Set(ids).size, ids.length, `${title}: ids are unique`);
    });
  });

  it('has every table with heads, and every cell on a phone with its name', async () => {
    await onEach(phone, async (page, { title }) => {
      const nameless = await page.evaluate(
        () =>
          [...document.querySelectorAll('table')].filter(
            (table) =>
              table.caption?.textContent === '' ||
              table.querySelectorAll('thead th[scope=col]').length === 0 ||
              [...table.querySelectorAll('tbody td')].some(
                (cell) => !cell.hasAttribute('data-label'),
              ),
          ).length,
      );
      assert.equal(nameless, 0, title);
    });
  });

  for (const [device, options] of [
    ['a phone', phone],
    ['a tablet', { viewport: { width: 834, height: 1112 } }],
    ['a small laptop', { viewport: { width: 1024, height: 700 } }],
    ['a desktop', desktop],
  ] as const) {
    it(`does not scroll sideways on ${device}`, async () => {
      await onEach(options, async (page, { title }) => {
        const width = await page.evaluate(() => ({
          content: document.documentElement.scrollWidth,
          window: innerWidth,
        }));
        assert.ok(width.content <= width.window, `${title}: ${width.content} > ${width.window}`);
      });
    });
  }

  for (const [device, options] of [
    ['a phone', phone],
    ['a desktop', desktop],
  ] as const) {
    it(`shows what links lead to on ${device}: in the contents, all of them`, async () => {
      await onEach(options, async (page, { title }) => {
        const folded = page.locator('nav summary');
        if (await folded.isVisible()) await folded.click();
        const links = page.locator('nav a:visible');
        assert.ok((await links.count()) > 10, title);
        await links.last().click();
        const top = await page.evaluate(() => {
          const id = decodeURIComponent(location.hash.slice(1));
          return document.getElementById(id)?.getBoundingClientRect().top;
        });
        assert.ok(top !== undefined && top < 900, `${title}: ${top ?? 'nowhere'}`);
      });
    });
  }

  it('clips no text of a diagram, and keeps it within its box', async () => {
    await onEach(desktop, async (page, { title }) => {
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll('svg.diagram')].flatMap((svg) => {
          const frame = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('text')]
            .filter((text) => {
              const box = text.getBoundingClientRect();
              const own =
                text.parentElement?.querySelector('rect')?.getBoundingClientRect() ?? frame;
              return (
                box.left < Math.max(frame.left, own.left) - 0.5 ||
                box.right > Math.min(frame.right, own.right) + 0.5 ||
                box.top < frame.top ||
                box.bottom > frame.bottom
              );
            })
            .map((text) => text.textContent);
        }),
      );
      assert.deepEqual(outside, [], title);
      const diagrams = await page.locator('svg.diagram').count();
      assert.ok(diagrams >= 2, title);
    });
  });

  for (const [light, options] of [
    ['light', desktop],
    ['dark', dark],
  ] as const) {
    it(`can be read in the ${light}: contrast is 4.5 or more`, async () => {
      await onEach(options, async (page, { title }) => {
        assert.deepEqual(await page.evaluate(faintTexts), [], title);
      });
    });
  }

  it('prints without its contents, and within the paper', async () => {
    await onEach({ viewport: { width: 720, height: 1000 } }, async (page, { title }) => {
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.locator('nav').isVisible(), false, title);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 720, `${title}: ${width}`);
    });
  });
});

interface Opened {
  readonly title: string;
  readonly url: string;
  readonly asked: readonly string[];
  readonly said: readonly string[];
}

/**
 * Texts that stand out too little from what is behind them, by WCAG 2.2, success criterion 1.4.3. Runs in
 * the page, so that it can use nothing of this file.
 */
function faintTexts(): readonly string[] {
  const numbers = (color: string): readonly number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string): number => {
    const [r = 0, g = 0, b = 0] = numbers(color).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): string => {
    if (element === null) return getComputedStyle(document.body).backgroundColor;
    const { backgroundColor } = getComputedStyle(element);
    return numbers(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor;
  };
  const faint = new Set<string>();
  for (const element of document.querySelectorAll('main *, nav *')) {
    const isSvgText = element.tagName === 'text';
    const hasWords = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
    );
    if (!hasWords || !element.checkVisibility() || (element.closest('svg') !== null) !== isSvgText)
      continue;
    const style = getComputedStyle(element);
    const box = isSvgText ? element.parentElement?.querySelector('rect') : undefined;
    const back = box ? getComputedStyle(box).fill : behind(element);
    const [one, other] = [luminance(isSvgText ? style.fill : style.color), luminance(back)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5)
      faint.add(`${element.tagName} ${element.getAttribute('class') ?? ''} ${ratio.toFixed(2)}`);
  }
  return [...faint];
}
