import type { Output } from '@pulumi/pulumi';

/** What an Output resolves to, or rejects with. */
export function settled<T>(output: Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}
