/** Reads a pasted list of people: one a line, or several with commas between; tabs stay within a person, as rows of a spreadsheet have them. */

/** As many as the server takes at once. */
export const MAX_PASTED = 2000;
const MAX_ENTRY_LETTERS = 500;

/** Each person once, in the order of the list. */
export function pastedPeople(text: string): readonly string[] {
  const entries = text
    .split(/\r?\n/)
    .flatMap((line) => (line.includes("\t") ? [line] : line.split(/[,;，；、]/)))
    .map((entry) => entry.trim().slice(0, MAX_ENTRY_LETTERS))
    .filter((entry) => entry !== "");
  return [...new Set(entries)];
}
