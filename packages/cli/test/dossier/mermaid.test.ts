import assert from 'node:assert/strict';
import { mermaid } from '../../src/dossier/mermaid';
import { hostile } from './hostile';

describe('mermaid', () => {
  it('draws groups, shapes and edges, those that are refused in red', () => {
    assert.equal(
      mermaid({
        kind: 'diagram',
        title: 't',
        groups: [{ id: 'g', label: 'aws:me-central-1' }],
        nodes: [
          { id: 'a/b', lines: ['fraud', 'v1'], shape: 'service', group: 'g' },
          { id: 's', lines: ['store'], shape: 'store' },
          { id: 'c', lines: ['pods'], shape: 'caller' },
        ],
        edges: [
          { from: 'c', to: 'a/b', label: 'REST' },
          { from: 'a/b', to: 's', label: 'log', tone: 'bad' },
        ],
      }),
      [
        'flowchart LR',
        '  subgraph g0["aws:me-central-1"]',
        '    n0["fraud<br/>v1"]',
        '  end',
        '  n1[("store")]',
        '  n2(["pods"])',
        '  n2 -->|"REST"| n0',
        '  n0 -.->|"log"| n1',
        '  linkStyle 1 stroke:#b3261e',
      ].join('\n'),
    );
  });

  it('writes what may mean something as numbers', () => {
    const text = mermaid({
      kind: 'diagram',
      title: 't',
      groups: [],
      nodes: [{ id: 'a', lines: [hostile], shape: 'service' }],
      edges: [{ from: 'a', to: 'a', label: 'end "x" #1;' }],
    });
    assert.match(text, /n0\["x#34;#62;#60;script#62;alert\(1\)#60;\/script#62; #96;a#96; /);
    assert.match(text, /\|"end #34;x#34; #35;1#59;"\|/);
  });
});
