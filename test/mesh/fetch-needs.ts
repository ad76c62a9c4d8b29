import { bedBinaries } from '../bed/binaries';
import { customResourceGroups, customResources } from '../bed/custom-resources/custom-resources';
import { meshNeeds } from './needs';

// Fetches and builds what the suite needs, where there is a network. Exit code 3, with the reason on
// stderr, where this machine cannot have it all.
const needs = [
  () => meshNeeds(),
  () => customResources(...customResourceGroups),
  () => bedBinaries('istioctl'),
];
if (needs.some((fetch) => fetch() === undefined)) process.exitCode = 3;
