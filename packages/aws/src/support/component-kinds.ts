import { kinds } from '@manara/constructs';
import { ServingKeys } from '../serving-keys';

export const servingKeys = kinds.kind('ServingKeys', (value) => value instanceof ServingKeys);
