/** Saves what the API exports as a file of the browser: a plain link would not carry the session of a page in another site's frame. */

/** Long enough for the browser to have begun. */
const REVOKE_AFTER_MS = 60_000;

export function saveCsv(name: string, text: string): void {
  // Spreadsheets take a file without the mark for one in the country's old encoding.
  const marked = text.startsWith("\uFEFF") ? text : `\uFEFF${text}`;
  const url = URL.createObjectURL(new Blob([marked], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
}

/** The rows of a CSV text behind its first one, which may have line breaks in quotes. */
export function withoutHeader(csv: string): string {
  let isQuoted = false;
  for (let i = 0; i < csv.length; i++) {
    if (csv[i] === '"') isQuoted = !isQuoted;
    if (csv[i] === "\n" && !isQuoted) return csv.slice(i + 1);
  }
  return "";
}
