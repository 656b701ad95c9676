/** Says what the word lists of a school do with a text: compiled once, then asked for every line. */
import { WORD_ACTIONS, type WordAction } from "../../../foundation/store/moderation-tables.ts";
import type { TextVerdict } from "../../text-check.ts";
import { Automaton } from "./automaton.ts";
import { type Fold, loadFold } from "./fold.ts";
import { TimeSlices } from "./time-slices.ts";
import { matchedRange, readPattern, type SearchedText, searchedText, type WordPattern } from "./word-patterns.ts";

export type WordSource = {
  readonly name: string;
  readonly action: WordAction;
  /** Whether signs between letters are overlooked. */
  readonly skipsSigns: boolean;
  /** One in each line; lines that begin with # are comments. */
  readonly words: string;
};

/** A place of a word in a text. @param source the index of the list */
type WordMatch = { readonly start: number; readonly end: number; readonly source: number };

type Compiled = { readonly automaton: Automaton; readonly patterns: readonly WordPattern[]; readonly sources: readonly number[] };

export class WordMatcher {
  private readonly fold: Fold;
  private readonly lists: readonly Pick<WordSource, "name" | "action">[];
  private readonly dense: Compiled;
  private readonly exact: Compiled;

  private constructor(fold: Fold, lists: readonly Pick<WordSource, "name" | "action">[], dense: Compiled, exact: Compiled) {
    this.fold = fold;
    this.lists = lists;
    this.dense = dense;
    this.exact = exact;
  }

  /** Compiles lists in slices: the event loop is never held for long. */
  static async compile(lists: readonly WordSource[]): Promise<WordMatcher> {
    const fold = await loadFold();
    const slices = new TimeSlices();
    const dense: { patterns: WordPattern[]; sources: number[] } = { patterns: [], sources: [] };
    const exact: typeof dense = { patterns: [], sources: [] };
    for (const [source, { words, skipsSigns }] of lists.entries())
      for (const line of linesOf(words)) {
        const pattern = readPattern(line, skipsSigns, fold);
        const into = pattern?.isDense ? dense : exact;
        if (pattern) into.patterns.push(pattern);
        if (pattern) into.sources.push(source);
        if (slices.isOver()) await slices.pause();
      }
    const build = async (of: typeof dense): Promise<Compiled> => ({
      ...of,
      automaton: await Automaton.build(
        of.patterns.map(({ units }) => units),
        slices,
      ),
    });
    const named = lists.map(({ name, action }) => ({ name, action }));
    return new WordMatcher(fold, named, await build(dense), await build(exact));
  }

  check(text: string): TextVerdict {
    const matches = this.matchesIn(text);
    const found = new Set(matches.map(({ source }) => source));
    const action = WORD_ACTIONS.findLast((one) => [...found].some((source) => this.lists[source]?.action === one));
    if (action === undefined) return { action: "pass", text, reason: null };
    const names = [...found].flatMap((source) => this.lists[source] ?? []).filter((list) => list.action === action);
    const reason = names.map(({ name }) => name).join(", ");
    return { action, text: action === "mask" ? masked(text, matches) : text, reason };
  }

  /** All places of words, in no order; one may be within another. Of those that end alike, the longest of each list. */
  matchesIn(text: string): WordMatch[] {
    const searched = searchedText(this.fold(text));
    return [...matchesOf(this.dense, searched, searched.dense), ...matchesOf(this.exact, searched, searched.folded.units)];
  }
}

/** Of the words of a list that end at the same place, the longest has the others within. */
function matchesOf({ automaton, patterns, sources }: Compiled, text: SearchedText, units: readonly number[]): WordMatch[] {
  const matches: WordMatch[] = [];
  const endOfSource: number[] = [];
  automaton.search(units, (index, end) => {
    const source = sources[index] ?? 0;
    // The automaton gives longer ones first.
    if (endOfSource[source] === end) return;
    const pattern = patterns[index];
    const range = pattern ? matchedRange(pattern, text, end) : null;
    if (!range) return;
    endOfSource[source] = end;
    matches.push({ ...range, source });
  });
  return matches;
}

/** With an asterisk for each character of the words. */
function masked(text: string, matches: readonly WordMatch[]): string {
  const sorted = matches.toSorted((a, b) => a.start - b.start);
  let result = "";
  let at = 0;
  for (const { start, end } of sorted) {
    if (end <= at) continue;
    const from = Math.max(at, start);
    result += text.slice(at, from) + "*".repeat([...text.slice(from, end)].length);
    at = end;
  }
  return result + text.slice(at);
}

/** The lines of a list that may be words. */
export function* linesOf(words: string): Generator<string> {
  for (let at = 0; at <= words.length; ) {
    const found = words.indexOf("\n", at);
    const end = found < 0 ? words.length : found;
    const line = words.slice(at, end).trim();
    if (line !== "" && !line.startsWith("#")) yield line;
    at = end + 1;
  }
}
