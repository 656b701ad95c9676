/**
 * Finds all of many patterns in a text in one pass: the automaton of Aho and Corasick, "Efficient string matching: an aid to bibliographic
 * search" (1975). Patterns and texts are sequences of 16-bit units.
 */
import type { TimeSlices } from "./time-slices.ts";

/** @param pattern its index; @param end of the match: behind its last unit */
type OnMatch = (pattern: number, end: number) => void;

/** Tables keep indices increased by one, so that memory full of zeros has nothing in it. */
const NONE = 0;
const ROOT = 0;
const UNIT_COUNT = 65_536;
/** Primes that spread states and symbols over the table. */
const STATE_FACTOR = 0x9e37_79b1;
const SYMBOL_FACTOR = 0x85eb_ca6b;

/** The trie while it is built: by state, the state before, the symbol between them, and the distance from the root. */
type Trie = {
  states: number;
  symbols: number;
  readonly parents: Int32Array;
  readonly by: Uint16Array;
  readonly depths: Int32Array;
};

export class Automaton {
  /** By unit; NONE: in no pattern. */
  private readonly symbols = new Uint16Array(UNIT_COUNT);
  /** Hash table of the trie's edges, with open addressing: state, symbol and next state. */
  private readonly edges: Int32Array;
  private readonly shift: number;
  /** The longest proper suffix of a state that is a state. */
  private readonly fail: Int32Array;
  /** The last pattern that ends in a state, and the one before it with the same units. */
  private readonly last: Int32Array;
  private readonly same: Int32Array;
  /** The longest proper suffix of a state that is a pattern. */
  private readonly shorter: Int32Array;

  private constructor(maxStates: number, patterns: number) {
    const bits = Math.ceil(Math.log2(Math.max(2, maxStates))) + 1;
    this.shift = 32 - bits;
    this.edges = new Int32Array(3 * 2 ** bits);
    this.fail = new Int32Array(maxStates);
    this.last = new Int32Array(maxStates);
    this.shorter = new Int32Array(maxStates);
    this.same = new Int32Array(patterns);
  }

  /** @param patterns none of them empty */
  static async build(patterns: readonly (readonly number[])[], slices: TimeSlices): Promise<Automaton> {
    let maxStates = 1;
    for (const { length } of patterns) maxStates += length;
    const automaton = new Automaton(maxStates, patterns.length);
    const [parents, by, depths] = [new Int32Array(maxStates), new Uint16Array(maxStates), new Int32Array(maxStates)];
    const trie: Trie = { states: 1, symbols: 0, parents, by, depths };
    for (const [index, units] of patterns.entries()) {
      automaton.insert(trie, index, units);
      if (slices.isOver()) await slices.pause();
    }
    await automaton.link(trie, slices);
    return automaton;
  }

  search(units: readonly number[], onMatch: OnMatch): void {
    let state = ROOT;
    for (let at = 0; at < units.length; at++) {
      const symbol = this.symbols[units[at] ?? 0] ?? NONE;
      state = symbol === NONE ? ROOT : this.after(state, symbol);
      let found = this.last[state] === NONE ? (this.shorter[state] ?? NONE) : state + 1;
      for (; found !== NONE; found = this.shorter[found - 1] ?? NONE)
        for (let pattern = this.last[found - 1] ?? NONE; pattern !== NONE; pattern = this.same[pattern - 1] ?? NONE)
          onMatch(pattern - 1, at + 1);
    }
  }

  private insert(trie: Trie, index: number, units: readonly number[]): void {
    let state = ROOT;
    for (const unit of units) {
      let symbol = this.symbols[unit] ?? NONE;
      if (symbol === NONE) {
        symbol = ++trie.symbols;
        this.symbols[unit] = symbol;
      }
      state = this.edge(state, symbol) ?? this.addState(trie, state, symbol);
    }
    this.same[index] = this.last[state] ?? NONE;
    this.last[state] = index + 1;
  }

  private addState(trie: Trie, parent: number, symbol: number): number {
    const { edges } = this;
    const state = trie.states++;
    trie.parents[state] = parent;
    trie.by[state] = symbol;
    trie.depths[state] = (trie.depths[parent] ?? 0) + 1;
    let at = this.placeOf(parent, symbol);
    while (edges[at] !== NONE) at = at + 3 === edges.length ? 0 : at + 3;
    edges.set([parent + 1, symbol, state], at);
    return state;
  }

  /** Links states to their suffixes, shorter ones first. */
  private async link({ states, parents, by, depths }: Trie, slices: TimeSlices): Promise<void> {
    for (const state of await byDepth(depths, states, slices)) {
      const parent = parents[state] ?? ROOT;
      const fail = parent === ROOT ? ROOT : this.after(this.fail[parent] ?? ROOT, by[state] ?? NONE);
      this.fail[state] = fail;
      this.shorter[state] = this.last[fail] === NONE ? (this.shorter[fail] ?? NONE) : fail + 1;
      if (slices.isOver()) await slices.pause();
    }
  }

  private after(from: number, symbol: number): number {
    for (let state = from; ; state = this.fail[state] ?? ROOT) {
      const next = this.edge(state, symbol);
      if (next !== null) return next;
      if (state === ROOT) return ROOT;
    }
  }

  private edge(state: number, symbol: number): number | null {
    const { edges } = this;
    for (let at = this.placeOf(state, symbol); edges[at] !== NONE; at = at + 3 === edges.length ? 0 : at + 3)
      if (edges[at] === state + 1 && edges[at + 1] === symbol) return edges[at + 2] ?? ROOT;
    return null;
  }

  private placeOf(state: number, symbol: number): number {
    const hash = Math.imul(state, STATE_FACTOR) ^ Math.imul(symbol, SYMBOL_FACTOR);
    return 3 * (Math.imul(hash ^ (hash >>> 15), STATE_FACTOR) >>> this.shift);
  }
}

/** All states but the root, by depth: sorted by counting. */
async function byDepth(depths: Int32Array, states: number, slices: TimeSlices): Promise<Int32Array> {
  const places: number[] = [0];
  for (let state = 1; state < states; state++) {
    const next = (depths[state] ?? 0) + 1;
    places[next] = (places[next] ?? 0) + 1;
    if (slices.isOver()) await slices.pause();
  }
  // Depths have no gaps: a state's parent is one less deep.
  for (let depth = 1; depth < places.length; depth++) places[depth] = (places[depth] ?? 0) + (places[depth - 1] ?? 0);
  const sorted = new Int32Array(states - 1);
  for (let state = 1; state < states; state++) {
    const depth = depths[state] ?? 0;
    const place = places[depth] ?? 0;
    sorted[place] = state;
    places[depth] = place + 1;
    if (slices.isOver()) await slices.pause();
  }
  return sorted;
}
