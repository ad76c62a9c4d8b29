import type { Provider } from '@openfeature/server-sdk';

/** What of flagd's provider tries to reach flagd again: the service itself, or what feeds it. */
interface Service {
  reconnect?: () => void;
  readonly _dataFetcher?: { reconnect?: () => void };
}

interface Inside {
  readonly _service?: Service;
  clearErrorTimer?: () => void;
}

/**
 * Makes flagd's provider end when it is closed. By itself (0.16) it goes on trying to reach a flagd that
 * is away, forever, which keeps the process alive; it has no public way to stop that.
 */
export function endReconnecting<T extends Provider>(provider: T): T {
  const close = provider.onClose?.bind(provider);
  provider.onClose = async () => {
    const inside = provider as Inside;
    const connecting = inside._service?._dataFetcher ?? inside._service;
    // A try that is under way fails later, and begins to count the time that it has been away.
    if (connecting?.reconnect !== undefined)
      connecting.reconnect = () => inside.clearErrorTimer?.();
    await close?.();
  };
  return provider;
}
