import assert from 'node:assert/strict';
import { Terminal, type TextStream } from '../src/terminal';

class Stream implements TextStream {
  text = '';
  constructor(readonly isTTY: boolean) {}
  write(text: string): void {
    this.text += text;
  }
}

const escape = '\u001b[';

describe('Terminal', () => {
  it('keeps results and progress apart', () => {
    const [out, err] = [new Stream(false), new Stream(false)];
    const terminal = new Terminal(out, err);
    terminal.print('result');
    terminal.progress('working');
    terminal.error('failed');
    assert.equal(out.text, 'result\n');
    assert.equal(err.text, 'manara: working\nerror: failed\n');
  });

  it('colours each stream only where it is a terminal', () => {
    const [out, err] = [new Stream(false), new Stream(true)];
    const terminal = new Terminal(out, err);
    assert.equal(terminal.colors.red('x'), 'x');
    terminal.error('failed');
    assert.ok(err.text.startsWith(escape));
  });

  it('honours NO_COLOR, unless it is empty, and dumb terminals', () => {
    const coloured = (environment: NodeJS.ProcessEnv): boolean =>
      new Terminal(new Stream(true), new Stream(true), environment).colors
        .red('x')
        .startsWith(escape);
    assert.equal(coloured({}), true);
    assert.equal(coloured({ NO_COLOR: '' }), true);
    assert.equal(coloured({ NO_COLOR: '1' }), false);
    assert.equal(coloured({ NO_COLOR: '0' }), false);
    assert.equal(coloured({ TERM: 'dumb' }), false);
  });
});
