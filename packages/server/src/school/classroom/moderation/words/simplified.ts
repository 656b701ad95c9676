/**
 * Loads the simplified forms of traditional Chinese characters, from OpenCC. Character by character, without its phrases: word lists and texts
 * must become the same, not good Chinese.
 */

/** By the traditional character. */
export async function loadSimplified(): Promise<ReadonlyMap<string, string>> {
  // A part of the package: its converter would take 20 ms at once.
  const { default: pairs } = await import("opencc-js/dict/TSCharacters");
  const simplified = new Map<string, string>();
  for (const pair of pairs.split("|")) {
    const [traditional, simple] = pair.split(" ");
    if (traditional && simple) simplified.set(traditional, simple);
  }
  return simplified;
}
