/**
 * Reads the lines of word lists as patterns, and decides whether a place where a pattern's letters are is the word. Words of scripts that
 * separate words are found as whole words: "ass" is not in "class". An asterisk at an end of a line takes longer words too.
 */
import { type Fold, type FoldedText, UNIT_KINDS, type UnitKind } from "./fold.ts";

export type WordPattern = {
  readonly units: readonly number[];
  readonly kinds: readonly UnitKind[];
  /** Found in letters and digits alone, whatever is between them; false: in the text as it is. */
  readonly isDense: boolean;
  /** Whether all of it is of scripts that separate words. */
  readonly isSpaced: boolean;
  /** By unit: the word itself has a space or a hyphen before it. */
  readonly gaps: ReadonlySet<number>;
  /** The word may go on before it, and behind it. */
  readonly isOpenBefore: boolean;
  readonly isOpenAfter: boolean;
};

/** What a text is searched by: all its units, and those that are letters and digits. */
export type SearchedText = {
  readonly folded: FoldedText;
  readonly dense: readonly number[];
  /** By index in `dense`, the index in all units. */
  readonly places: readonly number[];
};

/** Spaces and hyphens, which people leave out or put in. */
const JOINERS = new Set([0x20, 0x2d, 0x2010, 0x2011, 0x27, 0x2019, 0xb7, 0x30fb]);
/** Of less than this, spelling with spaces is not told from two words. */
const MIN_SPELLED = 3;

/** Null: the line has no word. @param skips whether signs between letters are overlooked */
export function readPattern(line: string, skips: boolean, fold: Fold): WordPattern | null {
  const [, before = "", word = "", after = ""] = /^(\**)(.*?)(\**)$/su.exec(line.trim()) ?? [];
  const { units, kinds } = fold(word.trim());
  if (units.length === 0) return null;
  const edges = { isOpenBefore: before !== "", isOpenAfter: after !== "" };
  const isSpaced = kinds.every((kind) => kind !== UNIT_KINDS.unspaced);
  const isDense =
    skips &&
    isWordUnit(kinds[0]) &&
    isWordUnit(kinds.at(-1)) &&
    units.every((unit, i) => isWordUnit(kinds[i]) || JOINERS.has(unit));
  if (!isDense) return { units, kinds, isDense, isSpaced, gaps: new Set(), ...edges };
  const dense: number[] = [];
  const denseKinds: UnitKind[] = [];
  const gaps = new Set<number>();
  for (const [i, unit] of units.entries()) {
    const kind = kinds[i];
    if (kind === undefined || !isWordUnit(kind)) {
      gaps.add(dense.length);
      continue;
    }
    dense.push(unit);
    denseKinds.push(kind);
  }
  return { units: dense, kinds: denseKinds, isDense, isSpaced, gaps, ...edges };
}

export function searchedText(folded: FoldedText): SearchedText {
  const dense: number[] = [];
  const places: number[] = [];
  for (let i = 0; i < folded.units.length; i++)
    if (isWordUnit(folded.kinds[i])) {
      dense.push(folded.units[i] ?? 0);
      places.push(i);
    }
  return { folded, dense, places };
}

/**
 * Where in the text's characters a pattern is whose units were found; null: it is not the word, but a part of others.
 * @param end in `dense` for a dense pattern, else in all units
 */
export function matchedRange(
  pattern: WordPattern,
  text: SearchedText,
  end: number,
): { readonly start: number; readonly end: number } | null {
  const { folded, places } = text;
  const begin = end - pattern.units.length;
  const first = pattern.isDense ? places[begin] : begin;
  const last = pattern.isDense ? places[end - 1] : end - 1;
  if (first === undefined || last === undefined) return null;
  if (!pattern.isOpenBefore && goesOn(folded.kinds[first], folded.kinds[first - 1])) return null;
  if (!pattern.isOpenAfter && goesOn(folded.kinds[last], folded.kinds[last + 1])) return null;
  if (pattern.isDense && pattern.isSpaced && !isOneWord(pattern, text, begin)) return null;
  return { start: folded.starts[first] ?? 0, end: folded.ends[last] ?? 0 };
}

/** Whether a letter goes on with another one, or a digit. */
function goesOn(edge: UnitKind | undefined, next: UnitKind | undefined): boolean {
  return edge === next && (edge === UNIT_KINDS.letter || edge === UNIT_KINDS.digit);
}

/** Not parts of two words, as "pen is" has of others: no spaces within, or all letters spelled with something between. */
function isOneWord({ units, gaps }: WordPattern, { folded, places }: SearchedText, begin: number): boolean {
  let between = 0;
  let hasSpace = false;
  for (let i = 1; i < units.length; i++) {
    const [from, to] = [(places[begin + i - 1] ?? 0) + 1, places[begin + i] ?? 0];
    if (gaps.has(i) || from === to) continue;
    between++;
    for (let at = from; at < to; at++) hasSpace ||= folded.kinds[at] === UNIT_KINDS.space;
  }
  return !hasSpace || (units.length >= MIN_SPELLED && between === units.length - 1 - gaps.size);
}

function isWordUnit(kind: UnitKind | undefined): boolean {
  return kind === UNIT_KINDS.letter || kind === UNIT_KINDS.digit || kind === UNIT_KINDS.unspaced;
}
