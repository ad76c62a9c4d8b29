/**
 * Whether a text is an IBAN of the United Arab Emirates: `AE`, two check digits, a bank of three
 * digits and an account of sixteen, and the remainder of 97 that the check digits promise.
 * Source: ISO 13616 and ISO 7064 (MOD 97-10); Central Bank of the UAE on IBANs, read 2026-11.
 */
export function isUaeIban(text: string): boolean {
  if (!/^AE\d{21}$/.test(text)) return false;
  // Country and check digits move to the end; letters count from A = 10.
  const rearranged = `${text.slice(4)}1014${text.slice(2, 4)}`;
  return BigInt(rearranged) % 97n === 1n;
}
