import { Config } from '@pulumi/pulumi';
import { misfits } from './misfits';
import { onAws } from './on-aws';
import { onAzure } from './on-azure';
import { uae } from './zone';

const config = new Config();
const maxNodes = config.requireNumber('maxNodes');
const misfit = config.get<'aws' | 'azure'>('misfit');
if (misfit !== undefined) misfits[misfit]();
else {
  const zone = uae();
  onAws(zone, maxNodes);
  onAzure(zone, maxNodes);
}
