import assert from 'node:assert/strict';
import { mapEntries, textFormat, Word } from '../../../src/engines/triton/text-format';

describe('textFormat', () => {
  it('writes fields, blocks, lists and maps, and leaves out what is absent', () => {
    const text = textFormat({
      name: 'fraud',
      max_batch_size: 8,
      platform: undefined,
      input: [{ name: 'x', data_type: new Word('TYPE_FP32'), dims: [-1, 3] }],
      dynamic_batching: {},
      response_cache: { enable: true },
      parameters: mapEntries({ threads: { string_value: '1' } }),
      versions: [],
    });
    assert.equal(
      text,
      [
        'name: "fraud"',
        'max_batch_size: 8',
        'input {',
        '  name: "x"',
        '  data_type: TYPE_FP32',
        '  dims: [-1, 3]',
        '}',
        'dynamic_batching {}',
        'response_cache {',
        '  enable: true',
        '}',
        'parameters {',
        '  key: "threads"',
        '  value {',
        '    string_value: "1"',
        '  }',
        '}',
        'versions: []',
        '',
      ].join('\n'),
    );
  });

  it('lets no text end its quotes or its line', () => {
    assert.equal(
      textFormat({ name: 'a"b\\c\nd\u0085 é' }),
      'name: "a\\"b\\\\c\\012d\\302\\205 é"\n',
    );
  });
});
