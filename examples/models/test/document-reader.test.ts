import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { InferenceSession } from 'onnxruntime-node';
import { PNG } from 'pngjs';
import { documentReader, isUaeIban } from '../src';
import { packageFile } from '../src/files';
import { declared, float32, floats, openSession } from './session';

const { inputName, outputName, samples } = documentReader;

describe('document reader: the model', () => {
  let session: InferenceSession;

  before(async () => {
    session = await openSession(documentReader.modelFile);
  });

  after(() => session.release());

  async function read(file: string): Promise<documentReader.ReadLine> {
    const { data, shape } = documentReader.preprocess(readFileSync(file));
    const { [outputName]: output } = await session.run({ [inputName]: float32(data, shape) });
    assert.ok(output !== undefined);
    return documentReader.decode(floats(output), output.dims);
  }

  it('declares the input and the output that the helpers prepare and read', () => {
    const [input] = declared(session.inputMetadata);
    const [output] = declared(session.outputMetadata);
    assert.deepEqual([input?.[0], input?.[1]], [inputName, 'float32']);
    assert.deepEqual(input?.[2].slice(1, 3), [3, 48]);
    assert.deepEqual([output?.[0], output?.[1]], [outputName, 'float32']);
    assert.equal(output?.[2][2], documentReader.charset().length);
  });

  it('reads the IBAN to the letter, and its check digits hold', async () => {
    const { text, confidence } = await read(samples.iban.file);
    assert.equal(text, 'AE070331234567890123456');
    assert.ok(isUaeIban(text));
    assert.ok(confidence > 0.98 && confidence <= 1, String(confidence));
  });

  for (const name of ['name', 'amount'] as const) {
    it(`reads the sample ${name}`, async () => {
      const { text, confidence } = await read(samples[name].file);
      assert.equal(text, samples[name].text);
      assert.ok(confidence > 0.98 && confidence <= 1, String(confidence));
    });
  }

  it('is the file that NOTICE.md names', () => {
    const sha256 = createHash('sha256')
      .update(readFileSync(documentReader.modelFile))
      .digest('hex');
    const notice = readFileSync(packageFile('NOTICE.md'), 'utf8');
    assert.ok(notice.includes(sha256), `NOTICE.md does not hold ${sha256}`);
  });

  it('has samples of a few kilobytes', () => {
    for (const { file } of Object.values(samples)) assert.ok(statSync(file).size < 8192, file);
  });
});

describe('document reader: preprocess', () => {
  it('scales to 48 rows in proportion and fills three equal channels from -1 to 1', () => {
    const image = new PNG({ width: 192, height: 96 });
    image.data.fill(255);
    for (let i = 0; i < image.data.length / 2; i += 4) image.data.fill(0, i, i + 3);
    const { data, shape } = documentReader.preprocess(PNG.sync.write(image));
    assert.deepEqual(shape, [1, 3, 48, 96]);
    const plane = 48 * 96;
    assert.equal(data.length, 3 * plane);
    assert.deepEqual(data.subarray(0, plane), data.subarray(plane, 2 * plane));
    assert.deepEqual(data.subarray(0, plane), data.subarray(2 * plane));
    assert.deepEqual([data[0], data[plane - 1]], [-1, 1]);
  });

  it('refuses a line too long and one too short', () => {
    assert.throws(() => documentReader.preprocess(blank(8200, 90)), {
      message:
        'The image of 8200 by 90 pixels becomes 4373 by 48; give one line of text, 8 to 4096 pixels wide at that height.',
    });
    assert.throws(() => documentReader.preprocess(blank(10, 90)), /becomes 5 by 48; give/);
  });
});

describe('document reader: decode', () => {
  const characters = ['', 'a', 'b', ' '];

  /** Steps as [character, its probability], the rest spread over the others. */
  function decode(...steps: readonly (readonly [character: string, value: number])[]) {
    const values = steps.flatMap(([character, value]) =>
      characters.map((other) => (other === character ? value : (1 - value) / 3)),
    );
    return documentReader.decode(values, [1, steps.length, 4], characters);
  }

  it('drops blanks and repeats, and keeps a double letter that a blank divides', () => {
    const { text, confidence } = decode(
      ['a', 0.5],
      ['a', 0.75],
      ['', 0.9],
      ['a', 1],
      ['b', 0.75],
      [' ', 0.75],
    );
    assert.equal(text, 'aab ');
    assert.equal(confidence, 0.75);
  });

  it('reads nothing, with confidence 0, from blanks', () => {
    assert.deepEqual(decode(['', 1], ['', 1]), { text: '', confidence: 0 });
  });

  it('refuses an output of another model', () => {
    assert.throws(() => documentReader.decode([0.5, 0.5], [1, 2]), {
      message: 'The output has shape [1,2]; expected [1,steps,6625] from document-reader.',
    });
    assert.throws(() => documentReader.decode([], [2, 1, 4], characters), /shape \[2,1,4\]/);
  });

  it('refuses a truncated output', () => {
    assert.throws(() => documentReader.decode([1, 0, 0], [1, 1, 4], characters), {
      message: 'The output holds 3 values; shape [1,1,4] needs 4.',
    });
  });
});

describe('document reader: charset', () => {
  it('starts with the blank, ends with the space, and holds what an IBAN needs', () => {
    const characters = documentReader.charset();
    assert.equal(characters.length, 6625);
    assert.equal(characters[0], '');
    assert.equal(characters.at(-1), ' ');
    assert.equal(new Set(characters).size, 6625);
    for (const character of 'AE0123456789') assert.ok(characters.includes(character), character);
  });
});

function blank(width: number, height: number): Buffer {
  return PNG.sync.write(new PNG({ width, height }));
}
