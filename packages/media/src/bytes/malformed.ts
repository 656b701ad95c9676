/**
 * Implements the error value of parsers: the peer, or the file, broke a rule of its format. Bytes from a network are hostile, so no parser in this
 * package throws on them.
 */
export class Malformed {
  /** The rule that was broken, in words that an operator can act on. */
  readonly rule: string;

  constructor(rule: string) {
    this.rule = rule;
  }
}
