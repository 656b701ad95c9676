/**
 * Parses filters and the paths of PATCH: SCIM 2.0, RFC 7644 sections 3.4.2.2 (figure 1) and 3.5.2 (figure 7). Names are compared without case. A filter has
 * bounds, because a stranger's text becomes a condition of the database.
 */

export const COMPARISONS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
export type Comparison = (typeof COMPARISONS)[number];
export type FilterValue = string | number | boolean | null;

export type Filter =
  | { readonly kind: "and" | "or"; readonly of: readonly Filter[] }
  | { readonly kind: "not"; readonly of: Filter }
  | { readonly kind: "compare"; readonly attribute: string; readonly comparison: Comparison; readonly value: FilterValue }
  | { readonly kind: "present"; readonly attribute: string }
  /** `emails[type eq "work"]`: one value of the attribute fits the whole filter. */
  | { readonly kind: "element"; readonly attribute: string; readonly filter: Filter };

/** Where a change of PATCH applies: `emails[type eq "work"].value`. */
export type AttributePath = {
  /** In small letters, as are all names: `emails`. */
  readonly attribute: string;
  readonly filter: Filter | null;
  readonly sub: string | null;
};

/** Longer ones are no request of a directory: the longest that one sends has a name or two. */
export const MAX_FILTER = 4096;
const MAX_DEPTH = 16;
export const MAX_CONDITIONS = 20;

/** The schemas whose attributes are written without the schema's name, too. */
const CORE = /^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/;
const NAME = /(?:urn:[\w:.-]+:)?[a-z$][\w$-]*(?:\.[a-z$][\w$-]*)?/iy;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/iy;
const WORD = /[a-z]+/iy;
const SPACE = / */y;

/** The text is no filter; `at` is the place in it, in UTF-16 units. */
export class BadFilter extends Error {
  readonly at: number;

  constructor(at: number) {
    super(`no filter from ${at}`);
    this.at = at;
  }
}

/** @throws BadFilter */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text);
  const filter = reader.either();
  reader.end();
  return filter;
}

/** @throws BadFilter */
export function parsePath(text: string): AttributePath {
  const reader = new Reader(text);
  const name = reader.name();
  const filter = reader.takes("[") ? reader.inBrackets() : null;
  const sub = filter && reader.takes(".") ? reader.name() : null;
  reader.end();
  if (filter) return { attribute: name, filter, sub };
  return { ...pathOf(name), filter };
}

/** `name.familyname` as attribute and sub-attribute; the dots of a schema's name are none. */
export function pathOf(name: string): Pick<AttributePath, "attribute" | "sub"> {
  const dot = name.indexOf(".", name.lastIndexOf(":") + 1);
  return dot === -1 ? { attribute: name, sub: null } : { attribute: name.slice(0, dot), sub: name.slice(dot + 1) };
}

/** How many comparisons a filter needs for a value at most. */
export function conditionsIn(filter: Filter): number {
  if (filter.kind === "and" || filter.kind === "or") return filter.of.reduce((sum, one) => sum + conditionsIn(one), 0);
  if (filter.kind === "not") return conditionsIn(filter.of);
  return filter.kind === "element" ? conditionsIn(filter.filter) : 1;
}

/** A name in small letters, without the schema where that is the core's. */
export function attributeName(text: string): string {
  return text.toLowerCase().replace(CORE, "");
}

class Reader {
  private readonly text: string;
  private at = 0;
  private depth = 0;
  private conditions = 0;

  constructor(text: string) {
    if (text.length > MAX_FILTER) throw new BadFilter(MAX_FILTER);
    this.text = text;
  }

  /** Terms with `or` between them, which binds less than `and`. */
  either(): Filter {
    if (++this.depth > MAX_DEPTH) throw new BadFilter(this.at);
    const of = this.listOf("or", () => this.listOf("and", () => this.term()));
    this.depth--;
    return of;
  }

  name(): string {
    return attributeName(this.match(NAME));
  }

  inBrackets(): Filter {
    const filter = this.either();
    if (!this.takes("]")) throw new BadFilter(this.at);
    return filter;
  }

  takes(letter: string): boolean {
    this.match(SPACE);
    if (this.text.charAt(this.at) !== letter) return false;
    this.at++;
    return true;
  }

  end(): void {
    this.match(SPACE);
    if (this.at < this.text.length) throw new BadFilter(this.at);
  }

  private listOf(word: "and" | "or", next: () => Filter): Filter {
    const first = next();
    const of = [first];
    while (this.takesWord(word)) of.push(next());
    return of.length === 1 ? first : { kind: word, of };
  }

  private term(): Filter {
    if (this.takes("(")) return this.inParentheses();
    const start = this.at;
    if (this.takesWord("not")) {
      if (this.takes("(")) return { kind: "not", of: this.inParentheses() };
      this.at = start;
    }
    return this.condition();
  }

  private inParentheses(): Filter {
    const filter = this.either();
    if (!this.takes(")")) throw new BadFilter(this.at);
    return filter;
  }

  private condition(): Filter {
    if (++this.conditions > MAX_CONDITIONS) throw new BadFilter(this.at);
    const attribute = this.name();
    if (this.takes("[")) {
      const filter = this.inBrackets();
      // `emails[type eq "work"].value eq "…"` is not in the standard's grammar, and directories send it.
      if (!this.takes(".")) return { kind: "element", attribute, filter };
      return { kind: "element", attribute, filter: { kind: "and", of: [filter, this.comparisonOf(this.name())] } };
    }
    return this.comparisonOf(attribute);
  }

  private comparisonOf(attribute: string): Filter {
    this.match(SPACE);
    const word = this.match(WORD).toLowerCase();
    if (word === "pr") return { kind: "present", attribute };
    const comparison = COMPARISONS.find((one) => one === word);
    if (!comparison) throw new BadFilter(this.at - word.length);
    return { kind: "compare", attribute, comparison, value: this.value() };
  }

  private value(): FilterValue {
    this.match(SPACE);
    const first = this.text.charAt(this.at);
    if (first === '"') return this.string();
    if (/[-\d]/.test(first)) return Number(this.match(NUMBER));
    const start = this.at;
    const word = this.match(WORD).toLowerCase();
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    throw new BadFilter(start);
  }

  private string(): string {
    const start = this.at;
    try {
      return String(JSON.parse(this.match(STRING)));
    } catch {
      throw new BadFilter(start);
    }
  }

  /** Whether this word is next, and nothing that only begins with it. */
  private takesWord(word: string): boolean {
    this.match(SPACE);
    const found = this.text.slice(this.at, this.at + word.length).toLowerCase() === word;
    if (!found || /[\w.:$-]/.test(this.text.charAt(this.at + word.length))) return false;
    this.at += word.length;
    return true;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found === undefined) throw new BadFilter(this.at);
    this.at += found.length;
    return found;
  }
}
