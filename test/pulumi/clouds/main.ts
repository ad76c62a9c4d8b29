import { Config } from '@pulumi/pulumi';
import { onAws } from './on-aws';
import { onAzure } from './on-azure';
import { uae } from './zone';

const zone = uae();
const maxNodes = new Config().requireNumber('maxNodes');
onAws(zone, maxNodes);
onAzure(zone, maxNodes);
