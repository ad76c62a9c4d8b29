import assert from 'node:assert/strict';
import { isUaeIban } from '../src';

describe('IBAN of the UAE', () => {
  it('takes one whose check digits hold', () => {
    assert.equal(isUaeIban('AE070331234567890123456'), true);
  });

  it('refuses a misread digit and two that changed places', () => {
    assert.equal(isUaeIban('AE070331234567890123458'), false);
    assert.equal(isUaeIban('AE070331234567890123465'), false);
  });

  it('refuses another country, another length and other characters', () => {
    assert.equal(isUaeIban('GB82WEST12345698765432'), false);
    assert.equal(isUaeIban('AE07033123456789012345'), false);
    assert.equal(isUaeIban('AE07 0331 2345 6789 0123 456'), false);
    assert.equal(isUaeIban('AEO70331234567890123456'), false);
  });
});
