import { ConnectionFault, errorCode } from '../fault';

/** Ranges of symbols, first and last, whose codes have so many bits; 256 is the end of a text. */
type Lengths = readonly (readonly [bits: number, ...symbols: (readonly [number, number])[]])[];

const one = (symbol: number): readonly [number, number] => [symbol, symbol];

/** The code is canonical: its lengths say it all. Source: RFC 7541, appendix B. */
const lengths: Lengths = [
  [5, [48, 50], one(97), one(99), one(101), one(105), one(111), [115, 116]],
  [6, one(32), one(37), [45, 47], [51, 57], one(61), one(65), one(95), one(98), one(100)],
  [6, [102, 104], [108, 110], one(112), one(114), one(117)],
  [7, one(58), [66, 87], one(89), [106, 107], one(113), [118, 122]],
  [8, one(38), one(42), one(44), one(59), one(88), one(90)],
  [10, [33, 34], [40, 41], one(63)],
  [11, one(39), one(43), one(124)],
  [12, one(35), one(62)],
  [13, one(0), one(36), one(64), one(91), one(93), one(126)],
  [14, one(94), one(125)],
  [15, one(60), one(96), one(123)],
  [19, one(92), one(195), one(208)],
  [20, one(128), [130, 131], one(162), one(184), one(194), one(224), one(226)],
  [21, one(153), one(161), one(167), one(172), [176, 177], one(179), one(209), [216, 217]],
  [21, one(227), [229, 230]],
  [22, one(129), [132, 134], one(136), one(146), one(154), one(156), one(160), [163, 164]],
  [22, [169, 170], one(173), one(178), one(181), [185, 187], [189, 190], one(196), one(198)],
  [22, one(228), [232, 233]],
  [23, one(1), one(135), [137, 141], one(143), one(147), [149, 152], one(155), [157, 158]],
  [23, [165, 166], one(168), [174, 175], one(180), [182, 183], one(188), one(191), one(197)],
  [23, one(231), one(239)],
  [24, one(9), one(142), [144, 145], one(148), one(159), one(171), one(206), one(215), one(225)],
  [24, [236, 237]],
  [25, one(199), one(207), [234, 235]],
  [26, [192, 193], [200, 202], one(205), one(210), one(213), [218, 219], one(238), one(240)],
  [26, [242, 243], one(255)],
  [27, [203, 204], [211, 212], one(214), [221, 223], one(241), [244, 248], [250, 254]],
  [28, [2, 8], [11, 12], [14, 21], [23, 31], one(127), one(220), one(249)],
  [30, one(10), one(13), one(22), one(256)],
];

const endOfText = 256;
const longest = 30;

/** Codes of one length: the first of them, and their symbols in order. */
interface CodesOfLength {
  readonly first: number;
  readonly symbols: readonly number[];
}

const codes = canonicalCodes();

/** For each eight bits: symbol and length of the code that they begin with, 0 if it is longer. */
const shortCodes = Uint16Array.from({ length: 256 }, (_, bits) => {
  for (let length = 5; length <= 8; length++) {
    const symbol = symbolOf(bits >>> (8 - length), length);
    if (symbol !== undefined) return (symbol << 4) | length;
  }
  return 0;
});

/**
 * Decodes a text.
 *
 * @param to - is written into from 0 on; a text has at most 8 bytes for each 5 of its code.
 * @returns the length of the text.
 * @throws ConnectionFault COMPRESSION_ERROR
 */
export function decodeHuffman(code: Buffer, to: Buffer): number {
  const bits = code.length * 8;
  let at = 0;
  let length = 0;
  while (at < bits) {
    const next = eightBits(code, at);
    const short = shortCodes[next] ?? 0;
    if (short !== 0) {
      at += short & 15;
      to[length++] = short >>> 4;
    } else if (bits - at < 8 && next === 0xff) {
      // What fills the last byte up is the beginning of the end of a text.
      return length;
    } else {
      const [symbol, used] = longCode(code, at);
      at += used;
      to[length++] = symbol;
    }
  }
  if (at > bits) throw fault();
  return length;
}

/** The bits from there on; after the last of them, ones. */
function eightBits(code: Buffer, at: number): number {
  const i = at >>> 3;
  const two = ((code[i] ?? 0xff) << 8) | (code[i + 1] ?? 0xff);
  return (two >>> (8 - (at & 7))) & 0xff;
}

function longCode(code: Buffer, at: number): readonly [symbol: number, used: number] {
  let value = eightBits(code, at);
  for (let length = 9; length <= longest; length++) {
    value = value * 2 + (eightBits(code, at + length - 1) >>> 7);
    const symbol = symbolOf(value, length);
    if (symbol === endOfText) break;
    if (symbol !== undefined) return [symbol, length];
  }
  throw fault();
}

function symbolOf(code: number, length: number): number | undefined {
  const { first, symbols } = codes[length] ?? none;
  return symbols[code - first];
}

const none: CodesOfLength = { first: 0, symbols: [] };

function canonicalCodes(): readonly CodesOfLength[] {
  const found: CodesOfLength[] = [];
  let first = 0;
  for (let length = 0; length <= longest; length++) {
    const symbols = lengths
      .filter(([bits]) => bits === length)
      .flatMap(([, ...ranges]) => ranges)
      .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
    found.push({ first, symbols });
    first = (first + symbols.length) * 2;
  }
  return found;
}

function fault(): ConnectionFault {
  return new ConnectionFault(errorCode.compression, 'a Huffman code that is none');
}
