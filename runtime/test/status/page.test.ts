import assert from 'node:assert/strict';
import { createContext, runInContext } from 'node:vm';
import { readStatusPage } from '../../src/status/page';
import { TestKeys } from '../support/access';
import { addConstant } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

/** As much of an element as the page's script asks for. */
class Element {
  textContent = '';
  hidden = true;
  value = '';
  children: readonly unknown[] = [];
  submit: ((event: { preventDefault: () => void }) => void) | undefined;

  addEventListener(_type: 'submit', listener: (event: { preventDefault: () => void }) => void) {
    this.submit = listener;
  }
  readonly append = (): void => undefined;
  readonly focus = (): void => undefined;
  replaceChildren(...children: readonly unknown[]): void {
    this.children = children;
  }
}

/** The page's own script, without a browser around it. */
class OpenPage {
  /** Times that the page asked for the status. */
  asked = 0;
  private readonly elements = new Map<string, Element>();

  constructor(url: string) {
    const [, script = ''] = readStatusPage().html.split(/<\/?script>/);
    const document = {
      getElementById: (id: string) => this.element(id),
      createElement: () => new Element(),
    };
    const ask = async (path: string, init: RequestInit): Promise<Response> => {
      this.asked++;
      return fetch(url + path, init);
    };
    // It would ask again every two seconds.
    const later = (): void => undefined;
    runInContext(script, createContext({ document, fetch: ask, setTimeout: later, Date }));
  }

  element(id: string): Element {
    const found = this.elements.get(id) ?? new Element();
    this.elements.set(id, found);
    return found;
  }

  enter(credential: string): void {
    this.element('credential').value = credential;
    this.element('credential-form').submit?.({ preventDefault: () => undefined });
  }

  /** Waits until the page says something that matches. */
  async says(expected: RegExp): Promise<void> {
    for (let i = 0; i < 200; i++) {
      if (expected.test(this.element('state').textContent)) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.match(this.element('state').textContent, expected);
  }
}

describe('the status page of a server that asks who comes', () => {
  const repository = new TemporaryRepository();
  let keys: TestKeys;
  let test: TestServer;

  before(async () => {
    repository.add('m', 1, addConstant(1));
    keys = new TestKeys(repository, { operator: [] });
    test = await startTestServer(
      repository.folder,
      keys.with([{ callers: ['operator'], verbs: ['read'] }]),
    );
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });

  it('opens for everybody, while the status itself does not', async () => {
    const page = await fetch(`${test.url}/status`);
    assert.deepEqual([page.status, await page.text()], [200, readStatusPage().html]);
    assert.equal((await fetch(`${test.url}/v2/status`)).status, 401);
  });

  it('asks for a key, waits for it, and shows what its bearer may read', async () => {
    const page = new OpenPage(test.url);
    await page.says(/^The server refuses its status: Nobody is identified: nothing was shown/);
    assert.equal(page.element('credential-form').hidden, false);
    page.enter('wrong');
    await page.says(/^The server refuses its status: Nobody is identified: (?!nothing was shown)/);
    assert.equal(page.asked, 2);
    assert.equal(page.element('credential').value, '');
    page.enter(` ${keys.of('operator')['x-api-key'] ?? ''}\n`);
    await page.says(/^The server is ready\.$/);
    assert.equal(page.element('credential-form').hidden, true);
    assert.equal(page.element('models').children.length, 1);
  });
});
