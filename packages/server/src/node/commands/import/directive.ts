/**
 * Reads configurations made of directives and blocks: nginx (https://nginx.org/en/docs/beginners_guide.html#conf_structure), and SRS, which has
 * the same syntax.
 */

/** `hls_fragment 10;`, or a block with what is in it. */
export type Directive = {
  readonly name: string;
  readonly values: readonly string[];
  /** From 1. */
  readonly line: number;
  /** Null: it is no block. */
  readonly block: readonly Directive[] | null;
};

/** The file is not written in the syntax that its name or its beginning promises. */
export class UnreadableConfig extends Error {
  override readonly name = "UnreadableConfig";
}

type Token = { readonly text: string; readonly line: number; readonly isQuoted: boolean };

/** More blocks in each other are no configuration. */
const MAX_DEPTH = 20;
/** A quoted text, one of `{ } ;`, a comment, or a word, in which a backslash may stand before any character. */
const TOKEN =
  /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([{};])|(#[^\n]*)|((?:\$\{[^}]*\}|[^\s{};"'\\]|\\.)(?:\$\{[^}]*\}|[^\s{};\\]|\\.)*)|(\n)|([^\S\n]+)|(.)/gs;

/** @throws UnreadableConfig with the line */
export function readDirectives(text: string): readonly Directive[] {
  const tokens = tokensOf(text);
  const [directives, end] = blockFrom(tokens, 0, 0);
  const rest = tokens[end];
  if (rest) throw new UnreadableConfig(`line ${rest.line}: "}" without its "{"`);
  return directives;
}

/** The directives up to the end of their block, and the place of what follows them. */
function blockFrom(tokens: readonly Token[], from: number, depth: number): [readonly Directive[], number] {
  const directives: Directive[] = [];
  let words: Token[] = [];
  let at = from;
  for (; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const isSign = !token.isQuoted && /^[{};]$/.test(token.text);
    if (!isSign) words.push(token);
    else if (token.text === "}") break;
    else {
      const [name, ...values] = words;
      // nginx allows no empty directive; SRS writes "};" here and there.
      if (!name && token.text === "{") throw new UnreadableConfig(`line ${token.line}: a block without a name`);
      let block: readonly Directive[] | null = null;
      if (token.text === "{") {
        if (depth === MAX_DEPTH) throw new UnreadableConfig(`line ${token.line}: more than ${MAX_DEPTH} blocks in each other`);
        [block, at] = blockFrom(tokens, at + 1, depth + 1);
        if (tokens[at]?.text !== "}") throw new UnreadableConfig(`line ${token.line}: "{" without its "}"`);
      }
      if (name) directives.push({ name: name.text, values: values.map(({ text }) => text), line: name.line, block });
      words = [];
    }
  }
  const [unfinished] = words;
  if (unfinished) throw new UnreadableConfig(`line ${unfinished.line}: "${unfinished.text}" does not end with ";"`);
  return [directives, at];
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const [all, double, single, sign, , word, , , other] of text.matchAll(TOKEN)) {
    const quoted = double ?? single;
    if (quoted !== undefined) tokens.push({ text: quoted.replace(/\\(["'\\])/g, "$1"), line, isQuoted: true });
    else if (sign !== undefined || word !== undefined) tokens.push({ text: all, line, isQuoted: false });
    else if (other !== undefined) throw new UnreadableConfig(`line ${line}: a quoted text does not end`);
    line += all.split("\n").length - 1;
  }
  return tokens;
}
