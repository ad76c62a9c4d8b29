import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditCommand } from '../src/commands/audit';
import { dossierCommand } from '../src/commands/dossier';
import { devCommand } from '../src/commands/dev';
import { drillCommand } from '../src/commands/drill';
import { initCommand } from '../src/commands/init';
import { profileCommand } from '../src/commands/profile';
import { optimizeCommand } from '../src/commands/optimize';
import { contractCommand } from '../src/commands/contract';
import { synthCommand } from '../src/commands/synth';
import { Terminal } from '../src/terminal';
import { repositoryRoot } from './support/folders';

const page = readFileSync(join(repositoryRoot, 'docs', 'cli.md'), 'utf8');
const nowhere = { write: () => true };
const terminal = new Terminal(nowhere, nowhere);

describe('docs/cli.md', () => {
  for (const command of [
    ...[
      initCommand,
      synthCommand,
      auditCommand,
      contractCommand,
      dossierCommand,
      devCommand,
      drillCommand,
    ].map((make) => make(terminal)),
    profileCommand(terminal, {}),
    optimizeCommand(terminal, {}),
  ]) {
    it(`describes every option of manara ${command.name()}, and no other`, () => {
      const [, rest = ''] = page.split(`## manara ${command.name()}\n`);
      const [section = ''] = rest.split('\n## ');
      const documented = [...section.matchAll(/`(?:-\w, )?(--[a-z-]+)(?: <\w+>)?`/g)].map(
        ([, flag]) => flag,
      );
      const options = command.options.map((option) => option.long ?? '');
      assert.deepEqual([...new Set(documented)].sort(), options.sort());
    });
  }
});
