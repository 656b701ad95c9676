/** Converts the wildcards of Moodle's short answers: `*` stands for any text there, `\*` for the sign. Papers accept whole texts. */

/** Null: any text would be right. */
export function textOfPattern(pattern: string): { readonly text: string; readonly hasWildcard: boolean } | null {
  const hasWildcard = /(?<!\\)\*/.test(pattern);
  const text = pattern.replaceAll("\\*", "*").trim();
  return hasWildcard && /^[*\s]*$/.test(text) ? null : { text, hasWildcard };
}

export function patternOf(text: string): string {
  return text.replaceAll("*", "\\*");
}
