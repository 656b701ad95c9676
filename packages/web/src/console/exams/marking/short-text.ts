/** Shortens the text of a question for a button or a row of a table. */

const SHORT_LETTERS = 60;

export function shortText(text: string): string {
  const letters = [...text.replace(/\s+/g, " ")];
  return letters.length > SHORT_LETTERS ? `${letters.slice(0, SHORT_LETTERS).join("").trim()}…` : letters.join("");
}
