import type { AccessRule, ApiKeyEntry } from '@manara/contract';
import { newApiKey } from '../../src/access/api-keys';
import type { TemporaryRepository } from './temporary';

/** API keys for callers, in a key file. */
export class TestKeys {
  readonly file: string;
  private readonly keys = new Map<string, string>();
  private readonly entries: ApiKeyEntry[] = [];

  /** @param callers - name and groups of each */
  constructor(
    private readonly folder: TemporaryRepository,
    callers: Readonly<Record<string, readonly string[]>>,
  ) {
    for (const [caller, groups] of Object.entries(callers)) {
      const { key, entry } = newApiKey({ caller, groups: [...groups] });
      this.keys.set(caller, key);
      this.entries.push(entry);
    }
    this.file = this.write();
  }

  /** Headers with which a caller is known; none for nobody. */
  of(caller: string | undefined): Record<string, string> {
    if (caller === undefined) return {};
    return { 'x-api-key': this.keys.get(caller) ?? '' };
  }

  /** Takes a caller's key out of the file. */
  remove(caller: string): void {
    const at = this.entries.findIndex((entry) => entry.caller === caller);
    this.entries.splice(at, 1);
    this.write();
  }

  private write(): string {
    return this.folder.write('.keys.json', JSON.stringify({ keys: this.entries }));
  }

  /** Options of a server that knows these keys. */
  with(rules: readonly AccessRule[]): {
    identity: { apiKeys: { file: string } };
    rules: AccessRule[];
  } {
    return { identity: { apiKeys: { file: this.file } }, rules: [...rules] };
  }
}
