/** Makes plain text of the HTML in which other programs keep questions. Formulas between `\(` and `\)`, as MathJax has them, get `$`, as papers have them. */

export type PlainText = {
  readonly text: string;
  /** Images, sounds and films are left out. */
  readonly hasFiles: boolean;
};

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  times: "×",
  divide: "÷",
  minus: "−",
  deg: "°",
  micro: "µ",
  middot: "·",
  le: "≤",
  ge: "≥",
  ne: "≠",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
};
const BREAKS = /^<(?:br|\/p|\/div|\/li|\/tr|\/h[1-6]|\/pre|\/blockquote)\b/i;
const FILES = /^<(?:img|audio|video|object|embed|iframe|svg)\b/i;
/** A tag begins with a letter: `a < b` is none. */
const TAG = /<\/?[a-z][^<>]*>|<!--(?:(?!-->)[^<])*-->/gi;

export function textOfHtml(html: string): PlainText {
  let hasFiles = false;
  // Line breaks of HTML are spaces.
  const plain = html
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ")
    .replace(TAG, (tag) => {
      if (FILES.test(tag)) hasFiles = true;
      return BREAKS.test(tag) ? "\n" : "";
    });
  const text = withDollars(plain.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, decoded));
  const lines = text.split("\n").map((line) => line.trim());
  return { text: lines.join("\n").trim(), hasFiles };
}

/** Moodle's `\(…\)`, `\[…\]` and `$$…$$` as `$…$`. */
export function withDollars(text: string): string {
  return text.replace(/\\[()[\]]|\$\$/g, "$$");
}

/** For texts and attributes of XML; characters that XML cannot have (XML 1.0, 2.2) become U+FFFD. */
export function escaped(text: string): string {
  return text
    .replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? "")
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}

function decoded(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return (Object.hasOwn(NAMED, name) ? NAMED[name] : undefined) ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "\uFFFD";
}
