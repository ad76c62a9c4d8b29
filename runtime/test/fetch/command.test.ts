import assert from 'node:assert/strict';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run, sha256, Workplace } from './bench';

describe('manara-server fetch', () => {
  let place: Workplace;
  beforeEach(async () => {
    place = await Workplace.create();
  });
  afterEach(() => place.remove());

  async function published(name: string, content: string): Promise<string> {
    const file = join(place.folder, name);
    await writeFile(file, content);
    return pathToFileURL(file).href;
  }

  it('brings every version of every model to its place', async () => {
    await place.configure({
      models: [
        {
          name: 'fraud',
          defaultVersion: 1,
          versions: [
            { version: 1, uri: await published('a', 'one'), sha256: sha256('one') },
            { version: 12, uri: await published('b', 'twelve'), sha256: sha256('twelve') },
          ],
        },
        {
          name: 'credit',
          defaultVersion: 3,
          versions: [{ version: 3, uri: await published('c', 'three'), sha256: sha256('three') }],
        },
      ],
    });
    const { code, logs } = await place.fetch();
    assert.equal(code, 0);
    const read = (path: string) => readFile(join(place.repository, path), 'utf8');
    assert.equal(await read('fraud/1/model.onnx'), 'one');
    assert.equal(await read('fraud/12/model.onnx'), 'twelve');
    assert.equal(await read('credit/3/model.onnx'), 'three');
    assert.deepEqual(
      logs.filter((l) => l.event === 'model_fetched').map((l) => [l.model, l.version, l.bytes]),
      [
        ['fraud', 1, 3],
        ['fraud', 12, 6],
        ['credit', 3, 5],
      ],
    );
  });

  it('keeps what is there with the right digest, even when the source is gone', async () => {
    const uri = await published('a', 'weights');
    await place.describe(uri, sha256('weights'));
    await place.fetch();
    const before = await stat(place.weights);
    await place.describe('file:///nowhere/at/all', sha256('weights'));
    const { code, logs } = await place.fetch();
    assert.equal(code, 0);
    assert.deepEqual(
      logs.map((l) => l.event),
      ['model_kept'],
    );
    assert.equal((await stat(place.weights)).ino, before.ino);
  });

  it('replaces a wrong file once the new one is verified, and not before', async () => {
    const uri = await published('a', 'old');
    await place.describe(uri, sha256('old'));
    await place.fetch();
    await writeFile(join(place.folder, 'a'), 'damaged');
    await place.describe(uri, sha256('new'));
    assert.equal((await place.fetch()).code, 1);
    assert.equal(await readFile(place.weights, 'utf8'), 'old');
    await writeFile(join(place.folder, 'a'), 'new');
    assert.equal((await place.fetch()).code, 0);
    assert.equal(await readFile(place.weights, 'utf8'), 'new');
    assert.deepEqual(await place.files(), ['model.onnx']);
  });

  it('brings the explain.json that a version lists, with it and by itself', async () => {
    const explain = async (text: string) => ({
      uri: await published('e', text),
      sha256: sha256(text),
    });
    const uri = await published('a', 'weights');
    const configure = (explanation: unknown) =>
      place.configure({
        models: [
          {
            name: 'fraud',
            defaultVersion: 1,
            versions: [{ version: 1, uri, sha256: sha256('weights'), explanation }],
          },
        ],
      });
    const beside = join(place.weights, '..', 'explain.json');
    for (const flags of [[], ['--cache', join(place.folder, 'cache')]]) {
      await rm(place.repository, { recursive: true, force: true });
      await configure(await explain('{"names": 1}'));
      assert.equal((await place.fetch(...flags)).code, 0);
      assert.equal(await readFile(place.weights, 'utf8'), 'weights');
      assert.equal(await readFile(beside, 'utf8'), '{"names": 1}');
      await configure(await explain('{"names": 2}'));
      const { code, logs } = await place.fetch(...flags);
      assert.equal(code, 0);
      assert.equal(logs.filter(({ event }) => event === 'model_kept').length, 1);
      assert.equal(await readFile(beside, 'utf8'), '{"names": 2}');
    }
    await configure({ ...(await explain('{}')), sha256: sha256('another') });
    assert.equal((await place.fetch()).code, 1);
    assert.equal(await readFile(beside, 'utf8'), '{"names": 2}');
    await configure({ uri: 'gs://bucket/explain.json', sha256: sha256('') });
    const { stderr } = await place.fetch();
    assert.match(stderr, /models\.0\.versions\.0\.explanation\.uri: expected https:/);
  });

  it('stops at the first version that cannot be had, and says which', async () => {
    await place.describe('file:///nowhere/model.onnx', sha256(''));
    const { code, logs, error } = await place.fetch();
    assert.equal(code, 1);
    assert.equal(logs.at(-1)?.event, 'model_fetch_failed');
    assert.equal(
      error,
      "file:///nowhere/model.onnx: ENOENT: no such file or directory, stat '/nowhere/model.onnx'",
    );
  });

  it('takes the repository of the configuration where no flag names one', async () => {
    await place.configure({
      modelRepository: place.repository,
      models: [
        {
          name: 'fraud',
          defaultVersion: 1,
          versions: [{ version: 1, uri: await published('a', 'x'), sha256: sha256('x') }],
        },
      ],
    });
    assert.equal((await run(['--config', place.config])).code, 0);
    assert.equal(await readFile(place.weights, 'utf8'), 'x');
  });

  describe('refuses with exit code 2', () => {
    const refused = async (argv: readonly string[], message: RegExp) => {
      const { code, stderr, logs } = await run(argv);
      assert.match(stderr, message);
      assert.equal(code, 2);
      assert.deepEqual(logs, []);
    };
    const withPlace = () => ['--config', place.config, '--model-repository', place.repository];

    it('no configuration', () => refused([], /required option '--config <file>' not specified/));

    it('a flag that it does not know', () =>
      refused(['--config', 'x', '--models', 'y'], /unknown option '--models'/));

    it('a word too many', () => refused(['--config', 'x', 'y'], /too many arguments/));

    it('a log level that there is not', () =>
      refused(
        ['--config', 'x', '--log-level', 'loud'],
        /Allowed choices are error, warn, info, debug/,
      ));

    it('a configuration file that is missing', () =>
      refused(
        ['--config', '/nowhere.json'],
        /cannot read the configuration \/nowhere\.json: ENOENT/,
      ));

    it('a configuration file that is no JSON', async () => {
      await writeFile(place.config, '{');
      await refused(withPlace(), /cannot read the configuration .*config\.json: .*JSON/);
    });

    it('no repository', async () => {
      await place.describe('file:///a', sha256(''));
      await refused(['--config', place.config], /no model repository: give --model-repository DIR/);
    });

    it('a configuration without models', async () => {
      await place.configure({});
      await refused(withPlace(), /models: expected the versions to fetch, received none/);
      await place.configure({ models: [] });
      await refused(withPlace(), /models: expected the versions to fetch, received none/);
    });

    it('a model name that leaves the repository', async () => {
      await place.configure({
        models: [
          {
            name: '../../etc',
            defaultVersion: 1,
            versions: [{ version: 1, uri: 'file:///a', sha256: sha256('') }],
          },
        ],
      });
      await refused(
        withPlace(),
        /models\.0\.name: expected letters, .* received "\.\.\/\.\.\/etc"/,
      );
    });

    it('all URIs that it cannot read, before it asks for one that it can', async () => {
      const digest = sha256('');
      await place.configure({
        models: [
          {
            name: 'fraud',
            defaultVersion: 1,
            versions: [
              { version: 1, uri: 'file:///nowhere', sha256: digest },
              { version: 2, uri: 'gs://bucket/model.onnx', sha256: digest },
              { version: 3, uri: './model.onnx', sha256: digest },
            ],
          },
        ],
      });
      const { code, stderr } = await place.fetch();
      assert.equal(code, 2);
      assert.equal(
        stderr,
        `manara-server: ${place.config}: models.0.versions.1.uri: expected https:, s3:, azblob:, oci:, file:, received "gs://bucket/model.onnx"\n` +
          'models.0.versions.2.uri: expected https:, s3:, azblob:, oci:, file:, received "./model.onnx"\n',
      );
    });
  });
});
