import assert from "node:assert/strict";
import { test } from "node:test";
import { alphaOf, faultOf, isCertain, overlapOf, type WatermarkFacts, type WatermarkStyle } from "./watermark-faults.ts";

const STYLE: WatermarkStyle = {
  display: "block",
  visibility: "visible",
  opacity: "0.4",
  clipPath: "none",
  filter: "none",
  transform: "none",
  translate: "none",
  scale: "none",
  rotate: "none",
  maskImage: "none",
  mixBlendMode: "normal",
  contentVisibility: "visible",
  color: "rgb(255, 255, 255)",
};
const PLAYER = { left: 100, top: 50, width: 640, height: 360 };
const FACTS: WatermarkFacts = {
  isAttached: true,
  hasText: true,
  isPictureInPlayer: true,
  player: PLAYER,
  video: PLAYER,
  copies: [
    { left: 120, top: 60, width: 150, height: 20 },
    { left: 430, top: 240, width: 150, height: 20 },
  ],
  styles: [{ ...STYLE, opacity: "1" }, STYLE, STYLE],
  leastOpacity: 0.4,
  leastHeight: 12,
  areAllCovered: false,
};
const fault = (changed: Partial<WatermarkFacts>) => faultOf({ ...FACTS, ...changed });
const styled = (style: Partial<WatermarkStyle>) => fault({ styles: [STYLE, { ...STYLE, ...style }] });

test("a mark that can be seen has no fault, also scrolled out of sight, and with a player that is not shown at all", () => {
  assert.equal(fault({}), null);
  const away = (box: typeof PLAYER) => ({ ...box, top: box.top - 5000 });
  assert.equal(fault({ player: away(PLAYER), video: away(PLAYER), copies: FACTS.copies.map(away) }), null);
  const empty = { left: 0, top: 0, width: 0, height: 0 };
  assert.equal(fault({ player: empty, video: empty, copies: [empty, empty], areAllCovered: true }), null);
});

test("each thing that hides the text is seen in its style", () => {
  for (const style of [
    { display: "none" },
    { visibility: "hidden" },
    { visibility: "collapse" },
    { opacity: "0.38" },
    { opacity: "0" },
    { clipPath: "inset(50%)" },
    { filter: "opacity(0)" },
    { transform: "matrix(0, 0, 0, 0, 0, 0)" },
    { translate: "9000px" },
    { scale: "0" },
    { rotate: "90deg" },
    { maskImage: "linear-gradient(rgb(0, 0, 0), rgba(0, 0, 0, 0))" },
    { mixBlendMode: "overlay" },
    { contentVisibility: "hidden" },
    { color: "rgba(255, 255, 255, 0)" },
    { color: "transparent" },
  ])
    assert.equal(styled(style), "hidden", JSON.stringify(style));
});

test("what a browser does not have, and another color, are no faults", () => {
  assert.equal(styled({ maskImage: "", contentVisibility: "", scale: "" }), null);
  assert.equal(styled({ color: "rgb(232, 230, 227)", opacity: "0.395" }), null);
});

test("a mark beside the picture, or too small to be read, is moved", () => {
  const [first, second] = [FACTS.copies[0] ?? assert.fail(), FACTS.copies[1] ?? assert.fail()];
  assert.equal(fault({ copies: [{ ...first, left: -400 }, second] }), "moved");
  assert.equal(fault({ copies: [first, { ...second, top: 405 }] }), "moved");
  assert.equal(fault({ copies: [first, { ...second, height: 3 }] }), "moved");
  assert.equal(fault({ copies: [first, { ...second, width: 0 }] }), "moved");
});

test("a picture that does not fill its player is elsewhere; a border of the player is none", () => {
  assert.equal(fault({ video: { left: 0, top: 0, width: 1920, height: 1080 } }), "picture");
  assert.equal(fault({ video: { ...PLAYER, left: 900 } }), "picture");
  assert.equal(fault({ video: { ...PLAYER, width: 300, height: 180 } }), "picture");
  assert.equal(fault({ isPictureInPlayer: false }), "picture");
  assert.equal(fault({ video: { left: 108, top: 58, width: 624, height: 344 } }), null);
  assert.equal(fault({ video: { ...PLAYER, width: 641, height: 360.6 } }), null);
});

test("removal and another text come first; only they need no second look", () => {
  assert.equal(fault({ isAttached: false, isPictureInPlayer: false }), "removed");
  assert.equal(fault({ hasText: false, areAllCovered: true }), "text");
  assert.equal(fault({ areAllCovered: true }), "covered");
  assert.deepEqual((["removed", "text", "attribute", "shadow-root"] as const).map(isCertain), [true, true, true, true]);
  assert.deepEqual((["hidden", "moved", "picture", "covered"] as const).map(isCertain), [false, false, false, false]);
});

test("the alpha of computed colors is read in each notation", () => {
  const colors = ["rgb(1, 2, 3)", "rgba(1, 2, 3, 0.25)", "rgba(0, 0, 0, 0)", "transparent", "color(srgb 1 1 1 / 0.5)"];
  assert.deepEqual(colors.map(alphaOf), [1, 0.25, 0, 0, 0.5]);
  assert.deepEqual(["oklch(0.7 0.1 50 / 30%)", "oklch(0.7 0.1 50)"].map(alphaOf), [0.3, 1]);
});

test("boxes that are apart have nothing in common", () => {
  assert.equal(overlapOf(PLAYER, { left: 0, top: 0, width: 50, height: 50 }).width, 0);
  assert.deepEqual(overlapOf(PLAYER, { left: 0, top: 0, width: 200, height: 100 }), { left: 100, top: 50, width: 100, height: 50 });
});
