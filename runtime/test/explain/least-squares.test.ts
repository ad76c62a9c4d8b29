import assert from 'node:assert/strict';
import { constrainedLeastSquares } from '../../src/explain/least-squares';

describe('constrainedLeastSquares', () => {
  it('solves what can be solved by hand', () => {
    // x² + y² with x + y = 4 is least at (2, 2); with moments (3, 1) it is at (3, 1).
    const gram = (): Float64Array => Float64Array.of(1, 0, 0, 1);
    assert.deepEqual([...constrainedLeastSquares(gram(), Float64Array.of(0, 0), 4)!], [2, 2]);
    assert.deepEqual([...constrainedLeastSquares(gram(), Float64Array.of(3, 1), 4)!], [3, 1]);
    const found = constrainedLeastSquares(Float64Array.of(2, 0, 1, 2), Float64Array.of(4, 3), 5)!;
    assert.ok(Math.abs(found[0]! - 3) < 1e-14 && Math.abs(found[1]! - 2) < 1e-14);
  });

  it('says so where the rows do not tell elements apart', () => {
    assert.equal(
      constrainedLeastSquares(Float64Array.of(1, 0, 1, 1), Float64Array.of(1, 1), 1),
      undefined,
    );
    const nearly = Float64Array.of(1, 0, 1, 1 + 1e-12);
    assert.equal(constrainedLeastSquares(nearly, Float64Array.of(1, 1), 1), undefined);
    const nothing = new Float64Array(4);
    assert.equal(constrainedLeastSquares(nothing, new Float64Array(2), 1), undefined);
    const broken = Float64Array.of(NaN, 0, 0, 1);
    assert.equal(constrainedLeastSquares(broken, new Float64Array(2), 1), undefined);
  });
});
