/** Cuts a text into what was found and what stands around it. */

type TextPart = { readonly from: number; readonly text: string; readonly isFound: boolean };

/** @param marks what was found, from and to, in UTF-16 units, in their order */
export function markedParts(text: string, marks: readonly (readonly number[])[]): readonly TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  const add = (to: number, isFound: boolean): void => {
    if (to > at) parts.push({ from: at, text: text.slice(at, to), isFound });
    at = Math.max(at, to);
  };
  for (const [from = 0, to = 0] of marks) {
    add(Math.min(from, text.length), false);
    add(Math.min(to, text.length), true);
  }
  add(text.length, false);
  return parts;
}
