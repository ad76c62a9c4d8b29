import * as pulumi from '@pulumi/pulumi';

const output: unknown = pulumi.output('x');

/** What a template string holds where an Output was put into it. */
export const errorText = String(output);
