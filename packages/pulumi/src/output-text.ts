/** What Pulumi returns, instead of a value, where an Output is put into a string or JSON. */
const outputText = /Calling \[to(String|JSON)\] on an \[Output/;

/** Whether text holds Pulumi's error text where a value was meant. */
export function holdsOutputText(text: string): boolean {
  return outputText.test(text);
}
