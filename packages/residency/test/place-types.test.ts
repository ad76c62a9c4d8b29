import assert from 'node:assert/strict';
import { join } from 'node:path';
import ts from 'typescript';

/** Compiles a program against the package's public types and gives the first line of each error. */
function errorsOf(program: string): readonly string[] {
  const packageRoot = join(__dirname, '..', '..');
  const file = join(packageRoot, 'test', 'program.ts');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.Node20,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const onDisk = ts.createCompilerHost(options);
  host.fileExists = (name) => name === file || onDisk.fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, program, ts.ScriptTarget.ES2023)
      : onDisk.getSourceFile(name, ...rest);
  const compiled = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(compiled)
    .map((d) => (typeof d.messageText === 'string' ? d.messageText : d.messageText.messageText));
}

const head = `import type { Place } from '../build/src/index.js';
declare function zone<const P extends Place>(places: readonly P[]): { place(p: NoInfer<P>): void };
const uae = zone(['aws:me-central-1', 'azure:uaenorth']);
`;

describe('places as types', function () {
  this.timeout(60_000);

  it('a place outside a zone does not compile, and the message names both', () => {
    const [message = '', ...others] = errorsOf(`${head}uae.place('aws:eu-west-1');`);
    const [received, allowed = ''] = message.split(' is not assignable to parameter of type ');
    assert.equal(received, `Argument of type '"aws:eu-west-1"'`);
    // The compiler promises no order.
    assert.deepEqual(allowed.replaceAll(/['.]/g, '').split(' | ').toSorted(), [
      '"aws:me-central-1"',
      '"azure:uaenorth"',
    ]);
    assert.deepEqual(others, []);
  });

  it('a place inside a zone compiles', () => {
    assert.deepEqual(errorsOf(`${head}uae.place('azure:uaenorth');`), []);
  });

  it('a bare region and a name that is a hyphen off are no places', () => {
    const errors = errorsOf(`${head}zone(['me-central-1']); zone(['aws:me-central1']);`);
    assert.deepEqual(errors, [
      `Type '"me-central-1"' is not assignable to type 'Place'. Did you mean '"aws:me-central-1"'?`,
      `Type '"aws:me-central1"' is not assignable to type 'Place'. Did you mean '"aws:me-central-1"'?`,
    ]);
  });

  it('an on-premises place is any name', () => {
    assert.deepEqual(
      errorsOf(`${head}zone(['onprem:abu-dhabi-1']).place('onprem:abu-dhabi-1');`),
      [],
    );
  });
});
