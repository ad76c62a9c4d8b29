// `npm run demo`: see examples/demo. `npm run demo -- --keep` leaves the endpoints serving.
import { createRequire } from 'node:module';

const { demo } = createRequire(import.meta.url)('../examples/demo');
process.exitCode = await demo(process.argv.slice(2));
