import { PNG } from 'pngjs';

/** A picture without colour. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  /** Row after row, 0 (black) to 255 (white). */
  readonly pixels: Float32Array;
}

/**
 * Reads a PNG as brightness (ITU-R BT.601), on white paper where it is transparent.
 *
 * @throws Error where the bytes are not a PNG.
 */
export function readPng(bytes: Buffer): GreyImage {
  const { width, height, data } = decodePng(bytes);
  const pixels = new Float32Array(width * height);
  for (let i = 0; i < pixels.length; i += 1) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(4 * i, 4 * i + 4);
    const brightness = 0.299 * red + 0.587 * green + 0.114 * blue;
    pixels[i] = 255 + (alpha / 255) * (brightness - 255);
  }
  return { width, height, pixels };
}

/** Scales by bilinear interpolation with pixel centres at half, as OpenCV's `INTER_LINEAR`. */
export function resize(image: GreyImage, width: number, height: number): GreyImage {
  const columns = samplePoints(image.width, width);
  const rows = samplePoints(image.height, height);
  const at = (row: number, column: number): number => image.pixels[row * image.width + column] ?? 0;
  const pixels = Float32Array.from({ length: width * height }, (_, i) => {
    const [left, right, across] = columns[i % width] ?? origin;
    const [above, below, down] = rows[Math.floor(i / width)] ?? origin;
    const top = at(above, left) * (1 - across) + at(above, right) * across;
    const bottom = at(below, left) * (1 - across) + at(below, right) * across;
    return top * (1 - down) + bottom * down;
  });
  return { width, height, pixels };
}

/** The two source indices around each target index, and the weight of the second. */
type SamplePoint = readonly [first: number, second: number, weight: number];

const origin: SamplePoint = [0, 0, 0];

function samplePoints(from: number, to: number): SamplePoint[] {
  return Array.from({ length: to }, (_, index) => {
    const position = Math.min(Math.max(((index + 0.5) * from) / to - 0.5, 0), from - 1);
    const first = Math.floor(position);
    return [first, Math.min(first + 1, from - 1), position - first];
  });
}

function decodePng(bytes: Buffer): PNG {
  try {
    return PNG.sync.read(bytes);
  } catch (error) {
    throw new Error(
      `The image is not a readable PNG (${bytes.length} bytes); give a PNG of one line of text.`,
      { cause: error },
    );
  }
}
