/** Shows a text of a paper: its lines as they were written, in the direction of its letters, with formulas. The typesetter is loaded with the first formula. */
import { useMemo } from "react";
import { loadable, useLoaded } from "../../components/use-loaded.ts";
import { textParts } from "./formula-parts.ts";

const typesetter = loadable(async () => (await import("../../board/drawing/formula/typeset.ts")).typesetInline);
/** Units of a formula's letters; the page scales them. */
const EM = 1000;

/** Loads the typesetter before the first formula is shown. */
export function loadTypesetter(): void {
  typesetter.load().catch(() => {
    // The first formula asks for it again.
  });
}

export function RichText({ text }: { readonly text: string }) {
  const parts = useMemo(() => textParts(text), [text]);
  return (
    <span className="rich-text" dir="auto">
      {parts.map((part, at) =>
        part.kind === "words" ? (
          part.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
          <Formula key={at} tex={part.tex} isDisplay={part.isDisplay} />
        ),
      )}
    </span>
  );
}

function Formula({ tex, isDisplay }: { readonly tex: string; readonly isDisplay: boolean }) {
  const typeset = useLoaded(typesetter);
  const shown = useMemo(() => typeset?.(tex, EM, isDisplay) ?? null, [typeset, tex, isDisplay]);
  const className = isDisplay ? "formula-display" : "formula";
  // Without the typesetter, and where its font lacks letters, the TeX is there to read.
  if (!shown)
    return (
      <code className={className} dir="ltr">
        {tex}
      </code>
    );
  const { width, height, depth, paths } = shown;
  const size = { width: `${width / EM}em`, height: `${height / EM}em`, verticalAlign: `${-depth / EM}em` };
  return (
    <span className={className}>
      <svg viewBox={`0 0 ${width} ${height}`} style={size} fill="currentColor" role="img" aria-label={tex}>
        <path d={paths} />
      </svg>
    </span>
  );
}
