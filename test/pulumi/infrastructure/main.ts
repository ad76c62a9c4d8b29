import { Config } from '@pulumi/pulumi';

/** What the bank's own infrastructure would know; the role is kept secret. */
const config = new Config();

export const modelBucket = config.get('modelBucket') ?? 's3://bank-models-me-central-1';
export const modelReaderRole = config.requireSecret('modelReaderRole');
export const awsRegistry = '111122223333.dkr.ecr.me-central-1.amazonaws.com/serving';
export const azureRegistry = 'bankserving.azurecr.io/serving';
