/** Provides key-frame patterns of publishers, for property tests. */
import fc from "fast-check";

/** Key frames at most `gop` seconds apart; `grid`: a fixed schedule beside the scene changes, instead of one that they restart. */
export type Pattern = {
  readonly fps: number;
  readonly gop: number;
  readonly grid: boolean;
  readonly sceneCuts: number;
  readonly jitter: number;
  readonly openGop: boolean;
  readonly seed: readonly number[];
};

/** All patterns of encoders that were met: regular, with scene changes, with jitter, with open GOPs, at rates that are no whole numbers. */
export const PATTERN: fc.Arbitrary<Pattern> = fc.record({
  fps: fc.constantFrom(10, 15, 24, 25, 29.97, 30, 50, 59.94, 60),
  gop: fc.constantFrom(0.5, 1, 1.5, 2, 3, 4, 5, 8),
  grid: fc.boolean(),
  sceneCuts: fc.constantFrom(0, 0, 0.1, 0.4, 2),
  jitter: fc.constantFrom(0, 0, 0.2, 0.4),
  openGop: fc.boolean(),
  seed: fc.array(fc.nat(9999), { minLength: 211, maxLength: 211 }),
});

/** The video frames of so many seconds, in milliseconds. Scene changes begin after 12 s. */
export function framesOf(
  { fps, gop, grid, sceneCuts, jitter, openGop, seed }: Pattern,
  seconds: number,
): { time: number; key: boolean }[] {
  let drawn = 0;
  const random = () => (seed[drawn++ % seed.length] ?? 0) / 10_000;
  const frames = Math.round(seconds * fps);
  const distance = Math.round(gop * fps);
  let next = 0;
  return Array.from({ length: frames }, (_, i) => {
    const isScene = i > 12 * fps && random() < sceneCuts / fps;
    const isDue = i >= next;
    // The key frame of an open GOP is decoded before the pictures that are shown before it: a few frames early, now and then.
    if (isDue) next = (grid ? Math.ceil((i + 1) / distance) : i / distance + 1) * distance - (openGop && random() < 0.3 ? 2 : 0);
    else if (isScene && !grid) next = i + distance;
    return { time: Math.round(((i + (i > 0 ? (random() - 0.5) * jitter : 0)) * 1000) / fps), key: isDue || isScene };
  });
}
