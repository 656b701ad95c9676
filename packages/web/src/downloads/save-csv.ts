/** Saves tables that the API exports. */
import { saveFile } from "./save-file.ts";

export function saveCsv(name: string, text: string): void {
  // Spreadsheets take a file without the mark for one in the country's old encoding.
  const marked = text.startsWith("\uFEFF") ? text : `\uFEFF${text}`;
  saveFile(name, new Blob([marked], { type: "text/csv;charset=utf-8" }));
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
