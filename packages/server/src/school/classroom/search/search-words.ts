/**
 * Cuts texts into the words that a search compares: words of letters without accents, capitals and a plural's ending, and of Chinese, Japanese and Korean
 * each sign and each pair of neighbours, since nothing says where a word ends there.
 */

/** UAX #24: scripts whose words stand without spaces between them. */
const UNSPACED = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}";
const RUN = new RegExp(`[${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+`, "gu");
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
/** Longer ones are no words. */
const MAX_WORD = 40;
const MAX_QUERY_WORDS = 24;
/** Of each part of a query in one text, from its beginning: one sign can be there thousands of times. */
const MAX_MARKS = 200;

/** A stretch of letters in a text, as it stands there and as it is compared. */
type Run = { readonly from: number; readonly to: number; readonly text: string; readonly isUnspaced: boolean };

export type Query = {
  /** All of them are in what is found. */
  readonly words: readonly string[];
  /** Of unspaced scripts: they are in what is found without anything between their signs. */
  readonly runs: readonly string[];
};

/** Null: the text has no word. */
export function queryOf(text: string): Query | null {
  const runs = runsOf(text);
  const words = new Set(runs.flatMap(({ text: run, isUnspaced }) => (isUnspaced ? pairsOf(run) : [run])));
  if (words.size === 0) return null;
  return {
    words: [...words].slice(0, MAX_QUERY_WORDS),
    runs: runs.filter(({ isUnspaced }) => isUnspaced).map(({ text: run }) => run),
  };
}

/** What a text is found by. */
export function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const { text: run, isUnspaced } of runsOf(text)) {
    if (!isUnspaced) words.add(run);
    else for (const word of [...run, ...pairsOf(run)]) words.add(word);
  }
  return words;
}

export function matches({ words, runs }: Query, text: string): boolean {
  const spaced = new Set<string>();
  const unspaced: string[] = [];
  for (const { text: run, isUnspaced } of runsOf(text)) {
    if (isUnspaced) unspaced.push(run);
    else spaced.add(run);
  }
  // A sign or a pair is somewhere where the run that it was cut of is.
  const isIn = (part: string): boolean => unspaced.some((run) => run.includes(part));
  return runs.every(isIn) && words.every((word) => spaced.has(word) || isIn(word));
}

/** Where the words of a query are in a text, from and to, in UTF-16 units. */
export function marksOf({ words, runs }: Query, text: string): readonly (readonly [number, number])[] {
  const marks: (readonly [number, number])[] = [];
  for (const { from, to, text: own, isUnspaced } of runsOf(text)) {
    if (!isUnspaced) {
      if (words.includes(own)) marks.push([from, to]);
      continue;
    }
    // A sign that another form of Unicode stands for has another length: then the whole run is marked.
    const isSame = own.length === to - from;
    for (const run of runs)
      for (let at = own.indexOf(run), count = 0; at >= 0 && count < MAX_MARKS; at = own.indexOf(run, at + run.length), count++)
        marks.push(isSame ? [from + at, from + at + run.length] : [from, to]);
  }
  return marks.sort(([a], [b]) => a - b);
}

function runsOf(text: string): readonly Run[] {
  return [...text.matchAll(RUN)].flatMap(({ 0: run, index }): Run[] => {
    const isUnspaced = IS_UNSPACED.test(run);
    const compared = isUnspaced ? run.normalize("NFKC") : singular(folded(run));
    if (compared === "" || (!isUnspaced && compared.length > MAX_WORD)) return [];
    return [{ from: index, to: index + run.length, text: compared, isUnspaced }];
  });
}

function folded(word: string): string {
  return word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Of two signs; of a run with one sign that sign. */
function pairsOf(run: string): readonly string[] {
  const signs = [...run];
  return signs.length < 2 ? signs : signs.slice(1).map((sign, i) => `${signs[i]}${sign}`);
}

/** Harman, "How effective is suffixing?" (1991): the S stemmer, which does little and seldom wrong. */
function singular(word: string): string {
  if (word.length < 4) return word;
  if (/[^ae]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/[^aeo]es$/.test(word)) return word.slice(0, -1);
  return /[^us]s$/.test(word) ? word.slice(0, -1) : word;
}
