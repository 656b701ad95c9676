/** Provides text of subtitles in the format ASS: breaks it into lines, and escapes what libass would take for commands. */

const MAX_CHARACTERS = 400;
/** Widths in the height of the letters: of Chinese, Japanese and Korean, and of other letters, which are narrower than this. */
const WIDE = 1;
const NARROW = 0.68;
const WIDE_LETTER =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef\p{Extended_Pictographic}]/u;
/** Control characters, ends of lines, and characters that change the direction of what follows. */
const UNWANTED = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}](?=\s*[^\s\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{M}])/gu;
/** LEFT-TO-RIGHT MARK: digits behind a name from right to left stay behind it. */
const LEFT_TO_RIGHT = "\u200e";
/** WORD JOINER, which has no width. */
const JOINER = "\u2060";

/** The text in lines of at most so many letter heights. Characters that would break a line, or turn others round, are spaces. */
export function watermarkLines(text: string, mostWidth: number): readonly string[] {
  const letters = [...new Intl.Segmenter().segment(text.toWellFormed().slice(0, MAX_CHARACTERS).replace(UNWANTED, " ").trim())];
  const lines: string[] = [];
  let line = "";
  for (const { segment } of letters) {
    if (line !== "" && widthOf(line + segment) > mostWidth) {
      // A word goes to the next line as a whole where it has room there.
      const space = line.lastIndexOf(" ");
      const [kept, moved] = space > 0 && segment !== " " ? [line.slice(0, space), line.slice(space + 1)] : [line, ""];
      lines.push(kept);
      line = moved;
    }
    if (line !== "" || segment !== " ") line += segment;
  }
  return [...lines, line].map((one) => one.trim()).filter((one) => one !== "");
}

export function widthOf(line: string): number {
  let width = 0;
  for (const letter of line) width += WIDE_LETTER.test(letter) ? WIDE : /\p{M}/u.test(letter) ? 0 : NARROW;
  return width;
}

/** Text that libass shows as it is: braces begin no command, a backslash and a letter are not the end of a line. */
export function escapeLine(line: string): string {
  const marked = line.replace(RIGHT_TO_LEFT, `$&${LEFT_TO_RIGHT}`);
  return marked.replace(/\\/g, `\\${JOINER}`).replace(/[{}]/g, "\\$&");
}
