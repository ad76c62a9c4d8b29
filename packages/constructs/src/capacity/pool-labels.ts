/** Label of a pool's nodes: its id. */
export const poolLabel = 'manara.dev/pool';

/** Label of the nodes of a pool with spot: which part of it they are. */
export const capacityLabel = 'manara.dev/capacity';
export const floorValue = 'floor';
export const restValue = 'rest';
