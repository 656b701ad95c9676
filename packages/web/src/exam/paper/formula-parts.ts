/** Parts a text into words and formulas of TeX: `$…$` in the line, `$$…$$` in a line of its own. `\$` is a dollar sign, and so is one that stands beside a space. */

type TextPart =
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "formula"; readonly tex: string; readonly isDisplay: boolean };

/** As Pandoc has it (tex_math_dollars): no space after the opening sign and before the closing one, and no digit behind it. */
const FORMULA = /\\\$|\$\$([^$]+?)\$\$|\$(?=[^\s$])((?:\\\$|[^$])*?[^\s$\\])\$(?!\d)/g;

export function textParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let words = "";
  let at = 0;
  for (const found of text.matchAll(FORMULA)) {
    words += text.slice(at, found.index);
    at = found.index + found[0].length;
    const tex = found[1] ?? found[2];
    if (tex === undefined) {
      words += "$";
      continue;
    }
    if (words !== "") parts.push({ kind: "words", text: words });
    words = "";
    parts.push({ kind: "formula", tex, isDisplay: found[1] !== undefined });
  }
  words += text.slice(at);
  if (words !== "") parts.push({ kind: "words", text: words });
  return parts;
}
