import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

/** The tokens of the block that a selector opens. */
function tokensOf(opening: string): ReadonlyMap<string, string> {
  const from = css.indexOf(opening);
  assert.ok(from >= 0, opening);
  const block = css.slice(from + opening.length, css.indexOf("}", from));
  return new Map([...block.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name = "", value = ""]) => [name, value]));
}

const light = tokensOf('[data-theme="light"] {\n  color-scheme: light;');
const dark = tokensOf('\n[data-theme="dark"] {');

/** Relative luminance (WCAG 2.2, "relative luminance"). */
function luminance(hex: string): number {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join("") : hex.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

test("dark colours are the same, whether the person's setting or the page asks for them", () => {
  assert.deepEqual(tokensOf(':root:not([data-theme="light"]) {'), dark);
  assert.ok(dark.size > 15);
});

for (const [theme, tokens] of [
  ["light", light],
  ["dark", dark],
] as const) {
  // Without the colour of a school.
  const of = (name: string) => (tokens.get(`--${name}`) ?? "").replace(/^var\([^,]+, ([^)]+)\)$/, "$1");

  test(`${theme}: text is read on every ground (WCAG 2.2, 1.4.3)`, () => {
    for (const ground of ["background", "surface", "surface-sunken"])
      for (const text of ["text", "text-muted", "accent", "success", "warning", "danger", "live"])
        assert.ok(contrast(of(text), of(ground)) >= 4.5, `${text} on ${ground}: ${contrast(of(text), of(ground)).toFixed(2)}`);
    for (const ground of ["accent", "danger"]) assert.ok(contrast(of(`on-${ground}`), of(ground)) >= 4.5, `on-${ground}`);
  });

  test(`${theme}: the edges of fields and the ring of the focus are seen (WCAG 2.2, 1.4.11)`, () => {
    for (const ground of ["background", "surface"])
      for (const edge of ["border-strong", "focus"])
        assert.ok(contrast(of(edge), of(ground)) >= 3, `${edge} on ${ground}: ${contrast(of(edge), of(ground)).toFixed(2)}`);
  });
}
