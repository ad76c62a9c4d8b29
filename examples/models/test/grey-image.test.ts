import assert from 'node:assert/strict';
import { PNG } from 'pngjs';
import { readPng, resize } from '../src/grey-image';

/** A PNG of one row, each pixel as red, green, blue, alpha. */
function png(...pixels: readonly (readonly [number, number, number, number])[]): Buffer {
  const image = new PNG({ width: pixels.length, height: 1 });
  image.data.set(pixels.flat());
  return PNG.sync.write(image);
}

describe('grey image', () => {
  it('weighs colours as eyes do', () => {
    const image = readPng(png([255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]));
    assert.deepEqual([image.width, image.height], [3, 1]);
    assert.deepEqual(image.pixels, Float32Array.of(76.245, 149.685, 29.07));
  });

  it('lays transparent pixels on white', () => {
    const image = readPng(png([0, 0, 0, 0], [0, 0, 0, 255], [0, 0, 0, 51]));
    assert.deepEqual(image.pixels, Float32Array.of(255, 0, 204));
  });

  it('refuses what is no PNG', () => {
    assert.throws(() => readPng(Buffer.from('%PDF-1.7')), {
      message: 'The image is not a readable PNG (8 bytes); give a PNG of one line of text.',
    });
  });

  it('interpolates between pixel centres', () => {
    const image = { width: 2, height: 1, pixels: Float32Array.of(0, 100) };
    assert.deepEqual(resize(image, 4, 1).pixels, Float32Array.of(0, 25, 75, 100));
    assert.deepEqual(resize(image, 1, 2).pixels, Float32Array.of(50, 50));
  });

  it('leaves an image of the right size as it is', () => {
    const image = { width: 2, height: 2, pixels: Float32Array.of(1, 2, 3, 4) };
    assert.deepEqual(resize(image, 2, 2), image);
  });
});
