/** Reads the code of an examination from an address, and as people type it. */

/** Empty: the address has none. */
export function codeOfAddress(path: string): string {
  try {
    return typedCode(decodeURIComponent(/^\/exam\/([^/]+)/.exec(path)?.[1] ?? ""));
  } catch {
    // No text is encoded so.
    return "";
  }
}

/** As codes of lessons: in capitals, without the dashes and spaces between which they are written. */
export function typedCode(text: string): string {
  return text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\-–]/g, "");
}
