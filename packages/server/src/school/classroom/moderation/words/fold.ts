/**
 * Folds text for word lists, so that other ways to write a word are the same word: compatibility forms (Unicode NFKD, UAX #15), case, width,
 * traditional Chinese, accents and strokes over letters, and invisible characters. Each folded unit knows the characters that it stands for.
 */
import { loadSimplified } from "./simplified.ts";

/** What a folded unit is. The edges of words depend on it (`word-patterns.ts`). */
export const UNIT_KINDS = {
  space: 0,
  /** Neither a letter nor a digit: punctuation, symbols, emoji. */
  sign: 1,
  /** A letter of a script that separates words. */
  letter: 2,
  digit: 3,
  /** A letter of a script that does not separate words: Chinese, Japanese, Thai. Also Korean, whose words have endings. */
  unspaced: 4,
} as const;
export type UnitKind = (typeof UNIT_KINDS)[keyof typeof UNIT_KINDS];

/** UTF-16 code units, each with its kind and the characters of the original text that it stands for. */
export type FoldedText = {
  readonly units: readonly number[];
  readonly kinds: readonly UnitKind[];
  readonly starts: readonly number[];
  /** Behind the character, and behind what was left out after it. */
  readonly ends: readonly number[];
};

type FoldedCharacter = { readonly units: readonly number[]; readonly kinds: readonly UnitKind[] };

/** Marks that are put over letters to hide a word. Those of Indic scripts and of kana are parts of letters. */
const MARKS = /[[[\p{Script=Inherited}&&\p{M}]\p{Me}]--[\u3099\u309a]]/gv;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const SPACE = /^[\s\p{Z}\p{Cc}]$/u;
const DIGIT = /^\p{N}$/u;
const LETTER = /^[\p{L}\p{M}]$/u;
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\u3099\u309a\u30fc]$/u;
/** Syllables would fall into letters, so that one syllable was found within another. */
const HANGUL_FIRST = 0xac00;
const HANGUL_LAST = 0xd7a3;
const SPACE_UNIT = 0x20;
/** Of all characters, texts have a few thousand. */
const MAX_REMEMBERED = 50_000;

export type Fold = (text: string) => FoldedText;

/** Loads what folding needs, once for the process. */
export async function loadFold(): Promise<Fold> {
  loading ??= loadSimplified().then(newFold);
  return await loading;
}

let loading: Promise<Fold> | null = null;

function newFold(simplified: ReadonlyMap<string, string>): Fold {
  const remembered = new Map<number, FoldedCharacter>();
  const folded = (code: number): FoldedCharacter => {
    const known = remembered.get(code);
    if (known) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const character = foldCharacter(code, simplified);
    remembered.set(code, character);
    return character;
  };
  return (text) => {
    const units: number[] = [];
    const kinds: UnitKind[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    for (let at = 0; at < text.length; ) {
      const code = text.codePointAt(at) ?? 0;
      const next = at + (code > 0xffff ? 2 : 1);
      const character = folded(code);
      for (let i = 0; i < character.units.length; i++) {
        units.push(character.units[i] ?? 0);
        kinds.push(character.kinds[i] ?? UNIT_KINDS.sign);
        starts.push(at);
        ends.push(next);
      }
      // A stroke through a masked letter goes with it.
      if (character.units.length === 0 && ends.length > 0) ends[ends.length - 1] = next;
      at = next;
    }
    return { units, kinds, starts, ends };
  };
}

function foldCharacter(code: number, simplified: ReadonlyMap<string, string>): FoldedCharacter {
  const original = String.fromCodePoint(code);
  const isSyllable = code >= HANGUL_FIRST && code <= HANGUL_LAST;
  const plain = isSyllable ? original : original.normalize("NFKD").replace(MARKS, "").replace(INVISIBLE, "");
  // By way of upper case, ß and ss, and both forms of sigma, are the same.
  const lower = plain
    .toUpperCase()
    .toLowerCase()
    .normalize(isSyllable ? "NFC" : "NFKD")
    .replace(MARKS, "");
  const units: number[] = [];
  const kinds: UnitKind[] = [];
  for (const one of lower) {
    const folded = simplified.get(one) ?? one;
    const kind = kindOf(folded);
    for (let i = 0; i < folded.length; i++) {
      units.push(kind === UNIT_KINDS.space ? SPACE_UNIT : folded.charCodeAt(i));
      kinds.push(kind);
    }
  }
  return { units, kinds };
}

function kindOf(character: string): UnitKind {
  if (SPACE.test(character)) return UNIT_KINDS.space;
  if (DIGIT.test(character)) return UNIT_KINDS.digit;
  if (UNSPACED.test(character)) return UNIT_KINDS.unspaced;
  return LETTER.test(character) ? UNIT_KINDS.letter : UNIT_KINDS.sign;
}
