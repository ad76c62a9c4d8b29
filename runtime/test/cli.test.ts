import assert from 'node:assert/strict';
import { CommanderError } from 'commander';
import { createCommand, parseCommandLine } from '../src/cli';
import type { ServerOptions } from '../src/options';
import { TemporaryRepository } from './support/temporary';

const folder = new TemporaryRepository();

function parse(
  line: string,
  env: Readonly<Record<string, string>> = {},
): ServerOptions & { readonly printed?: string } {
  return parseCommandLine(line.split(' ').filter(Boolean), env, quiet());
}

function quiet(write: (text: string) => void = () => undefined): ReturnType<typeof createCommand> {
  return createCommand().configureOutput({ writeErr: write, writeOut: write });
}

function refusal(line: string): string {
  let printed = '';
  try {
    parseCommandLine(
      line.split(' ').filter(Boolean),
      {},
      quiet((text) => (printed += text)),
    );
  } catch (error) {
    return error instanceof CommanderError ? printed.trim() : (error as Error).message;
  }
  throw new Error(`${line} was accepted`);
}

describe('parseCommandLine', () => {
  after(() => {
    folder.remove();
  });

  it('takes --allow-anonymous with and without a value', () => {
    const allowed = (line: string): boolean | undefined =>
      parse(`--model-store /m ${line}`).allowAnonymous;
    assert.equal(allowed(''), undefined);
    assert.equal(allowed('--allow-anonymous'), true);
    assert.equal(allowed('--allow-anonymous --log-verbose 0'), true);
    assert.equal(allowed('--allow-anonymous=false'), false);
  });

  it("takes Triton's flags, with a space or with =", () => {
    assert.deepEqual(
      parse(
        '--model-repository=/a --model-store /b --http-port=0 --grpc-port 9001 --metrics-address=0.0.0.0 --allow-grpc=false --model-control-mode=explicit --load-model=m --load-model n --exit-timeout-secs=5 --strict-readiness=0 --exit-on-error=true --log-verbose=1',
      ),
      {
        modelRepositories: ['/a', '/b'],
        http: { port: 0 },
        grpc: null,
        metrics: { host: '0.0.0.0' },
        controlMode: 'explicit',
        loadModels: ['m', 'n'],
        drainTimeoutSeconds: 5,
        strictReadiness: false,
        exitOnError: true,
        logLevel: 'debug',
      },
    );
  });

  it('lets a flag win over the environment, and that over the file', () => {
    const file = folder.write(
      'config.json',
      JSON.stringify({ modelRepository: '/m', host: '0.0.0.0', httpPort: 1, logLevel: 'error' }),
    );
    const env = { MANARA_CONFIG: file, MANARA_LOG_LEVEL: 'warn' };
    assert.deepEqual(parse('--http-port 2', env), {
      modelRepositories: ['/m'],
      http: { host: '0.0.0.0', port: 2 },
      grpc: { host: '0.0.0.0' },
      metrics: { host: '0.0.0.0' },
      controlMode: 'none',
      configFile: file,
      logLevel: 'warn',
    });
    assert.equal(parse('--log-level debug', env).logLevel, 'debug');
    assert.equal(parse('--http-parser node', env).httpParser, 'node');
    assert.equal(parse(`--config ${file}`).logLevel, 'error');
    assert.deepEqual(parse('--model-repository /x', env).modelRepositories, ['/x']);
  });

  it("keeps the file's bound of optimized graphs where a flag names their folder", () => {
    const graphs = { folder: '/file', maxBytes: 4096 };
    const file = folder.write('graphs.json', JSON.stringify({ modelRepository: '/m', graphs }));
    assert.deepEqual(parse(`--config ${file}`).graphs, graphs);
    assert.deepEqual(parse(`--config ${file} --graph-folder /flag`).graphs, {
      folder: '/flag',
      maxBytes: 4096,
    });
    assert.deepEqual(parse('--model-store /m --graph-folder /flag').graphs, { folder: '/flag' });
  });

  const refusals: readonly (readonly [string, RegExp])[] = [
    ['', /no model repository: pass --model-repository DIR/],
    ['--model-repository', /argument missing/],
    ['--model-repository /a --http-prot 1', /unknown option '--http-prot'/],
    ['--model-repository /a extra', /too many arguments/],
    ['--model-repository /a --http-port 65536', /'65536' is invalid.*integer from 0 to 65535/],
    ['--model-repository /a --http-port 8e3', /'8e3' is invalid/],
    ['--model-repository /a --allow-http maybe', /'maybe' is invalid.*true or false/],
    ['--model-repository /a --model-control-mode auto', /Allowed choices are none, poll, explicit/],
    ['--model-repository /a --load-model m', /--load-model needs --model-control-mode explicit/],
    ['--model-repository /a --config /nowhere.json', /\/nowhere\.json cannot be read: ENOENT/],
  ];
  for (const [line, message] of refusals) {
    it(`refuses "${line}"`, () => {
      assert.match(refusal(line), message);
    });
  }

  it('refuses a file that is not JSON, and one with unknown keys', () => {
    const garbage = folder.write('garbage.json', '{');
    assert.throws(() => parse(`--config ${garbage}`), {
      name: 'UsageError',
      message: /is not JSON/,
    });
    const unknown = folder.write('unknown.json', '{"modelRepository": "/m", "port": 8000}');
    assert.throws(() => parse(`--config ${unknown}`), {
      name: 'ServerConfigError',
      message: /port/,
    });
    assert.throws(() => parse('--model-repository /m', { MANARA_LOG_LEVEL: 'loud' }), {
      name: 'UsageError',
      message: 'MANARA_LOG_LEVEL: expected one of error, warn, info, debug, received "loud"',
    });
  });
});
