import { runPlugin } from '../plugin/rpc';
import { methods } from './service';

void runPlugin(methods());
