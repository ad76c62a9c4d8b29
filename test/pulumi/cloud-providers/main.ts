import { runPlugin } from '../plugin/rpc';
import { aws } from './aws/aws';
import { azure } from './azure/azure';
import { RecordedCloud } from './recorded-cloud';
import { methods } from './service';

/** `main.js <package> <folder of the recorded cloud> …`; the rest is the engine's. */
const [, , name, folder] = process.argv;
const cloud = [aws, azure].find((one) => one.package === name);
if (cloud === undefined || folder === undefined) {
  throw new Error(`expected aws or azure-native and a folder; received ${String(name)}`);
}
void runPlugin(methods(cloud, new RecordedCloud(folder)));
