import { serve } from './service';

/** The plugin's end of Pulumi's plugin protocol: a port on standard output, and nothing else. */
void serve().then((port) => {
  console.log(port);
  // Where the engine is killed, nobody else ends its plugins.
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit();
  }, 500);
});
