import { hasLate, type LateValue, lateWriter, splitLate } from '@manara/constructs';
import { all, type Input, type Output, output } from '@pulumi/pulumi';
import { DeployError } from './deploy-error';
import { holdsOutputText } from './output-text';

/**
 * Text with its late values filled in. It is known, and secret, as far as they are.
 *
 * @throws DeployError MANARA_LATE_VALUE, once the value is known, for one that is no text
 */
export function lateOutput(text: string): Output<string> {
  const write = lateWriter(text);
  const pieces = splitLate(text).map((part) =>
    typeof part === 'string' ? output(part) : valueOutput(part).apply(write),
  );
  return all(pieces).apply((known) => known.join(''));
}

/** @throws DeployError MANARA_LATE_VALUE, once the value is known, for one that is no text */
export function valueOutput({ name, source, derived }: LateValue): Output<string> {
  if (derived !== undefined) return lateOutput(derived.text).apply(derived.compute);
  // Text is what it should be; what it is shows when it is known.
  return output(source as Input<string>).apply((value) => textOf(name, value));
}

/** The message says nothing of the value but its type: it may be a secret. */
function textOf(name: string, value: unknown): string {
  const expected = `late("${name}"): expected text`;
  if (typeof value !== 'string') {
    throw new DeployError(
      'MANARA_LATE_VALUE',
      `${expected}, received ${typeof value}; make it text with output.apply(String), or name the property that holds the text`,
    );
  }
  if (holdsOutputText(value)) {
    throw new DeployError(
      'MANARA_LATE_VALUE',
      `${expected}, received the error text of a Pulumi Output that was put into a string; use pulumi.interpolate`,
    );
  }
  if (hasLate(value)) {
    throw new DeployError(
      'MANARA_LATE_VALUE',
      `${expected}, received text that holds the marker of another late value; give late() the Outputs themselves, joined by pulumi.interpolate`,
    );
  }
  return value;
}
