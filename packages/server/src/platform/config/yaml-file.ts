/** Reads YAML that people write, so that every key has its line. A file that is not there and text that is no YAML are mistakes with their places. */
import { readFileSync } from "node:fs";
import { type Document, LineCounter, parseDocument } from "yaml";

export type YamlError = {
  /** The file, with the line where it is known. */
  readonly where: string;
  readonly what: string;
};
export type YamlText = { readonly document: Document; readonly lines: LineCounter };
export type YamlErrors = { readonly mistakes: readonly YamlError[] };

export function readYamlFile(file: string): YamlText | YamlErrors {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return { mistakes: [{ where: file, what: isMissing ? "there is no such file" : String(error) }] };
  }
  return readYaml(text, file);
}

/** @param file for the places of mistakes */
export function readYaml(text: string, file: string): YamlText | YamlErrors {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length === 0) return { document, lines };
  return {
    mistakes: document.errors.map(({ pos, message }) => ({ where: `${file}:${lines.linePos(pos[0]).line}`, what: message })),
  };
}

/** For people: a line for each. */
export function linesOfErrors({ mistakes }: YamlErrors): string[] {
  return mistakes.map(({ where, what }) => `${where}: ${what}`);
}
