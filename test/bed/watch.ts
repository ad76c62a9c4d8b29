import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiServer, StoredObject } from './api-server';

/** Called with an object as it is now, and with what is gone. */
export interface Watcher<T> {
  readonly onChange: (object: T) => void;
  readonly onGone: (object: T) => void;
}

interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

interface ListOf<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}

/**
 * Follows every object of a collection (`/api/v1/pods`) until `signal` says stop: first all that there
 * are, then each change. Where the stream breaks it lists anew, and tells of what went in between.
 */
export async function watch<T extends StoredObject>(
  api: ApiServer,
  collection: string,
  watcher: Watcher<T>,
  signal: AbortSignal,
): Promise<void> {
  let known = new Map<string, T>();
  while (!signal.aborted) {
    try {
      const { status, body } = await api.request('GET', collection);
      if (status !== 200) throw new Error(`list ${collection}: status ${status}`);
      const { metadata, items } = body as ListOf<T>;
      const found = new Map(items.map((item) => [item.metadata.uid, item] as const));
      for (const [uid, gone] of known) if (!found.has(uid)) watcher.onGone(gone);
      known = found;
      for (const item of items) watcher.onChange(item);
      await follow(
        api,
        `${collection}?watch=1&resourceVersion=${metadata.resourceVersion}`,
        signal,
        {
          onChange: (object: T) => {
            known.set(object.metadata.uid, object);
            watcher.onChange(object);
          },
          onGone: (object: T) => {
            known.delete(object.metadata.uid);
            watcher.onGone(object);
          },
        },
      );
    } catch {
      // The server is busy or gone, or the watch was ended: whether to go on, `signal` says.
      await delay(200);
    }
  }
}

async function follow<T extends StoredObject>(
  api: ApiServer,
  path: string,
  signal: AbortSignal,
  { onChange, onGone }: Watcher<T>,
): Promise<void> {
  const reply = await api.stream(path, signal);
  for await (const line of createInterface({ input: reply })) {
    const { type, object } = JSON.parse(line) as WatchEvent<T>;
    if (type === 'ERROR') return;
    if (type === 'DELETED') onGone(object);
    else if (type !== 'BOOKMARK') onChange(object);
  }
}
