export { runFetch } from './command';
