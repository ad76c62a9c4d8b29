/** What leads out of the zone, or to nowhere in particular. */
export const publicImage = 'docker.io/library/scorer:1.0';
export const elsewhere = 'arn:aws:s3:::elsewhere';
export const globalProfile =
  'arn:aws:bedrock:me-central-1:111122223333:inference-profile/global.anthropic.claude-sonnet-4-20250514-v1:0';

export const roleArn = 'arn:aws:iam::111122223333:role/platform';
