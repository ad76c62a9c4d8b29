import Module from 'node:module';

// Runs the script in the next argument as the main program of a process that ends with its parent.
// However the parent dies, SIGKILL included, the channel between the two closes.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Listening must not keep a server alive that has stopped.
process.channel?.unref();
process.argv.splice(1, 1);
Module.runMain();
