import { Provider } from '@pulumi/kubernetes/provider';
import { Config } from '@pulumi/pulumi';
import { registerStackTransformation } from '@pulumi/pulumi/runtime';
import { onAws } from '../clouds/on-aws';
import { onAzure } from '../clouds/on-azure';
import { uae } from '../clouds/zone';
import { broken } from './broken';
import { endpoint } from './endpoint';
import { plain } from './plain';
import { refused } from './refused';

const dubai = new Provider('dubai');

function everything(): void {
  const zone = uae();
  onAws(zone, 2);
  onAzure(zone, 2);
  endpoint(zone, dubai);
}

/** The stack's configuration names one. */
const programs: Readonly<Record<string, () => void>> = {
  everything,
  broken: () => {
    registerStackTransformation(broken);
    everything();
  },
  plain: () => {
    plain(dubai);
  },
  refused: () => {
    refused(uae(), dubai);
  },
};

const name = new Config().require('program');
const program = programs[name];
if (program === undefined) {
  throw new Error(`program: expected ${Object.keys(programs).join(', ')}; received ${name}`);
}
program();
