import assert from 'node:assert/strict';
import { isOnPrem, parsePlace, placeFact, places, type ResidencyErrorCode } from '../src';

function refused(text: string, code: ResidencyErrorCode, message: string): void {
  assert.throws(() => parsePlace(text), { name: 'ResidencyError', code, message });
}

describe('parsePlace', () => {
  it('accepts every place of the table', () => {
    for (const place of Object.keys(places)) assert.equal(parsePlace(place), place);
  });

  for (const text of ['onprem:a', 'onprem:abu-dhabi-1', 'onprem:7']) {
    it(`accepts ${text}`, () => {
      assert.equal(parsePlace(text), text);
    });
  }

  for (const text of ['onprem:', 'onprem:-a', 'onprem:a-', 'onprem:Abu Dhabi', 'onprem:a.b']) {
    it(`refuses ${text}`, () => {
      refused(
        text,
        'unknown-place',
        `place: expected "onprem:" and a name of lower-case letters, digits and "-", received "${text}"`,
      );
    });
  }

  it('is not fooled by names that every object has', () => {
    refused(
      'constructor',
      'bare-region',
      'place: "constructor" names no cloud; write it as "<cloud>:<region>", or "onprem:<name>" for a site of your own',
    );
  });

  it('refuses a cloud that it does not know', () => {
    refused(
      'ibm:dubai',
      'unknown-place',
      'place: expected a place of aws, azure, gcp, oci, alibaba or onprem, received "ibm:dubai"',
    );
  });

  it('refuses a region that no cloud has, without a guess', () => {
    refused(
      'gcp:dubai',
      'unknown-place',
      'place: expected one of the 40 regions of gcp that are known (none is in the UAE), received "gcp:dubai"',
    );
  });

  it('guesses what a slip of the keys meant', () => {
    refused(
      'azure:uaenroth',
      'unknown-place',
      'place: expected one of the 57 regions of azure that are known (in the UAE: azure:uaecentral, azure:uaenorth), received "azure:uaenroth"; did you mean "azure:uaenorth" (UAE North (Dubai))?',
    );
  });

  it('guesses what an upper-case cloud meant', () => {
    refused(
      'Azure:UAENorth',
      'unknown-place',
      'place: expected a place of aws, azure, gcp, oci, alibaba or onprem, received "Azure:UAENorth"; did you mean "azure:uaenorth" (UAE North (Dubai))?',
    );
  });
});

describe('region names that collide between clouds, or nearly', () => {
  it('me-central-1 is the UAE at AWS and Riyadh at Alibaba, and one hyphen away from Doha', () => {
    assert.equal(placeFact('aws:me-central-1')?.country, 'AE');
    assert.equal(placeFact('alibaba:me-central-1')?.country, 'SA');
    refused(
      'me-central-1',
      'bare-region',
      'place: "me-central-1" names no cloud; did you mean "aws:me-central-1" (Middle East (UAE)) or "gcp:me-central1" (Doha, Qatar) or "alibaba:me-central-1" (Saudi Arabia (Riyadh))?',
    );
  });

  it('aws:me-central1 was meant with a hyphen, and is not gcp:me-central1', () => {
    assert.equal(placeFact('gcp:me-central1')?.country, 'QA');
    refused(
      'aws:me-central1',
      'unknown-place',
      'place: expected one of the 41 regions of aws that are known (in the UAE: aws:me-central-1), received "aws:me-central1"; did you mean "aws:me-central-1" (Middle East (UAE))? Not to be confused: "gcp:me-central1" is Doha, Qatar, "alibaba:me-central-1" is Saudi Arabia (Riyadh)',
    );
  });

  it('me-central2 is Dammam, not a second region of the UAE', () => {
    assert.equal(placeFact('gcp:me-central2')?.country, 'SA');
    refused(
      'me-central2',
      'bare-region',
      'place: "me-central2" names no cloud; did you mean "gcp:me-central2" (Dammam, Saudi Arabia)?',
    );
    refused(
      'aws:me-central-2',
      'unknown-place',
      'place: expected one of the 41 regions of aws that are known (in the UAE: aws:me-central-1), received "aws:me-central-2"; did you mean "aws:me-central-1" (Middle East (UAE))? Not to be confused: "gcp:me-central2" is Dammam, Saudi Arabia',
    );
  });

  it('me-west-1 is Saudi Arabia at AWS; me-west1 is Tel Aviv at Google', () => {
    assert.equal(placeFact('aws:me-west-1')?.country, 'SA');
    assert.equal(placeFact('gcp:me-west1')?.country, 'IL');
    for (const text of ['me-west-1', 'me-west1']) {
      refused(
        text,
        'bare-region',
        `place: "${text}" names no cloud; did you mean "aws:me-west-1" (Middle East (Saudi Arabia)) or "gcp:me-west1" (Tel Aviv, Israel)?`,
      );
    }
  });

  it('me-south-1 is Bahrain', () => {
    assert.equal(placeFact('aws:me-south-1')?.country, 'BH');
    refused(
      'me-south-1',
      'bare-region',
      'place: "me-south-1" names no cloud; did you mean "aws:me-south-1" (Middle East (Bahrain))?',
    );
  });

  it('eu-west-1 is Ireland at AWS and London at Alibaba', () => {
    assert.equal(placeFact('aws:eu-west-1')?.country, 'IE');
    assert.equal(placeFact('alibaba:eu-west-1')?.country, 'GB');
  });

  it('a cloud’s region under another cloud’s name is refused with where it is', () => {
    refused(
      'azure:me-central-1',
      'unknown-place',
      'place: expected one of the 57 regions of azure that are known (in the UAE: azure:uaecentral, azure:uaenorth), received "azure:me-central-1". Not to be confused: "aws:me-central-1" is Middle East (UAE), "gcp:me-central1" is Doha, Qatar, "alibaba:me-central-1" is Saudi Arabia (Riyadh)',
    );
  });
});

describe('placeFact', () => {
  it('knows nothing of a building of one’s own', () => {
    assert.equal(isOnPrem('onprem:hq'), true);
    assert.equal(placeFact('onprem:hq'), undefined);
  });

  it('knows a cloud region', () => {
    assert.equal(isOnPrem('aws:me-central-1'), false);
    assert.deepEqual(placeFact('aws:me-central-1'), {
      country: 'AE',
      name: 'Middle East (UAE)',
      zones: ['mec1-az1', 'mec1-az2', 'mec1-az3'],
    });
  });
});
