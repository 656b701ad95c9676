/** Escapes and unescapes the characters that GIFT gives a meaning: `~ = # { } : \` and line breaks. */

/** Escaped characters are noncharacters of Unicode (16.0, 23.7, for internal use) while the others are looked for. */
const ESCAPES: readonly (readonly [written: string, character: string, placeholder: string])[] = [
  ["\\\\", "\\", "\uFDD0"],
  ["\\:", ":", "\uFDD1"],
  ["\\#", "#", "\uFDD2"],
  ["\\=", "=", "\uFDD3"],
  ["\\{", "{", "\uFDD4"],
  ["\\}", "}", "\uFDD5"],
  ["\\~", "~", "\uFDD6"],
  ["\\n", "\n", "\uFDD7"],
];
const PLACEHOLDERS: ReadonlyMap<string, string> = new Map(ESCAPES.map(([, character, placeholder]) => [placeholder, character]));
const WRITTEN: ReadonlyMap<string, string> = new Map(ESCAPES.map(([written, , placeholder]) => [written, placeholder]));
const CHARACTERS: ReadonlyMap<string, string> = new Map(ESCAPES.map(([written, character]) => [character, written]));

/** Text without escaped characters that have a meaning. */
export function hideEscapes(text: string): string {
  return text.replace(/[\uFDD0-\uFDD7]/g, "\uFFFD").replace(/\\[\\:#={}~n]/g, (written) => WRITTEN.get(written) ?? written);
}

/** What the hidden characters stand for. */
export function showEscapes(text: string): string {
  return text.replace(/[\uFDD0-\uFDD7]/g, (placeholder) => PLACEHOLDERS.get(placeholder) ?? "");
}

export function giftEscaped(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/[\\:#={}~\n]/g, (character) => CHARACTERS.get(character) ?? character);
}
