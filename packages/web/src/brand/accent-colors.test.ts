import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { accentColors } from "./accent-colors.ts";

test("a colour that is read in a theme stays as it is there", () => {
  assert.deepEqual(accentColors("#0b6b7f").light, { accent: "#0b6b7f", onAccent: "#ffffff" });
  assert.equal(accentColors("#6fcfe0").dark.accent, "#6fcfe0");
});

test("yellow gets darker for the light theme, navy lighter for the dark one", () => {
  assert.notEqual(accentColors("#ffd400").light.accent, "#ffd400");
  assert.equal(accentColors("#ffd400").dark.accent, "#ffd400");
  assert.notEqual(accentColors("#001a4d").dark.accent, "#001a4d");
});

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/** `--accent-soft` on a surface. */
function soft(accent: string, surface: readonly number[]): string {
  const parts = surface.map((part, i) => 0.12 * Number.parseInt(accent.slice(1 + 2 * i, 3 + 2 * i), 16) + 0.88 * part);
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

test("every colour is read on the grounds of its theme, and text on it (WCAG 2.2, 1.4.3)", () => {
  const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);
  fc.assert(
    fc.property(hex, (accent) => {
      const { light, dark } = accentColors(accent);
      for (const ground of ["#f6f7f5", "#ffffff", "#eceeeb", "#f7e7e6", soft(light.accent, [255, 255, 255])])
        assert.ok(contrast(light.accent, ground) >= 4.5, `${accent} on ${ground}`);
      for (const ground of ["#11181b", "#192226", "#0c1214", "#322e31", soft(dark.accent, [25, 34, 38])])
        assert.ok(contrast(dark.accent, ground) >= 4.5, `${accent} on ${ground}`);
      for (const theme of [light, dark]) assert.ok(contrast(theme.accent, theme.onAccent) >= 4.5, `text on ${theme.accent}`);
    }),
  );
});
