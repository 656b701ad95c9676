/** Defines what the encoder of the picture is told: size, pictures per second and level, by the bits that it may have. */
import type { VideoLimits } from "../supervise/publisher-types.ts";

export type VideoSize = { readonly width: number; readonly height: number };
export type VideoContent = "motion" | "detail";
export type VideoSettings = VideoSize & { readonly fps: number };

/** Of a picture of these many pixels at 30 pictures a second: what browsers of teachers send to a class. */
const RATES: readonly (readonly [pixels: number, kbps: number])[] = [
  [320 * 180, 350],
  [640 * 360, 900],
  [854 * 480, 1400],
  [1280 * 720, 2500],
  [1920 * 1080, 4500],
  [2560 * 1440, 7000],
];
const MOST_KBPS = 10_000;
export const LEAST_KBPS = 120;
/** Nothing larger is sent: it would be scaled down by every viewer. */
const MOST_PIXELS = 1920 * 1080;
const MOST_FPS = 30;
/** A picture of motion with fewer bits per pixel is sharper when it is smaller. */
const LEAST_BITS_PER_PIXEL = 0.025;
const SCALES = [1, 3 / 4, 1 / 2, 1 / 3] as const;
/** Back to the larger picture only with so much more, so that it does not change to and fro. */
const HYSTERESIS = 1.4;

/** By how much a picture is to be scaled down so that its shorter side has so many lines: 1 and more. @param maxLines null: as many as there are */
export function scaleDown({ width, height }: VideoSize, maxLines: number | null): number {
  return maxLines === null ? 1 : Math.max(1, Math.min(width, height) / maxLines);
}

/** The usual most for a picture, kilobits per second. */
export function usualKbps({ width, height }: VideoSize): number {
  return RATES.find(([pixels]) => width * height <= pixels)?.[1] ?? MOST_KBPS;
}

/**
 * Settings for a picture.
 * @param source its size as it is captured
 * @param before the settings until now; null: none
 * @param limits of its shorter side, and of the pictures per second; default: none
 */
export function videoSettings(
  source: VideoSize,
  kbps: number,
  content: VideoContent,
  before: VideoSettings | null,
  { maxLines, maxFps }: Pick<VideoLimits, "maxLines" | "maxFps"> = { maxLines: null, maxFps: null },
): VideoSettings {
  const most = Math.min(1 / scaleDown(source, maxLines), Math.sqrt(MOST_PIXELS / (source.width * source.height)));
  const whole = even(most, source);
  const mostFps = maxFps ?? MOST_FPS;
  if (content === "detail") return { ...whole, fps: Math.min(mostFps, detailFps(kbps, whole)) };
  const fps = Math.min(mostFps, kbps < 250 ? 15 : MOST_FPS);
  const enough = (size: VideoSize): boolean => {
    const isLarger = before !== null && size.width > before.width;
    return kbps * 1000 >= LEAST_BITS_PER_PIXEL * size.width * size.height * fps * (isLarger ? HYSTERESIS : 1);
  };
  const sizes = SCALES.map((scale) => even(scale, whole));
  const size = sizes.find(enough) ?? sizes.at(-1) ?? whole;
  return { ...size, fps };
}

/** Letters have to be sharp; how often they change matters less. */
function detailFps(kbps: number, { width, height }: VideoSize): number {
  const perFrame = (width * height) / (1920 * 1080);
  if (kbps >= 1500 * perFrame) return MOST_FPS;
  if (kbps >= 700 * perFrame) return 15;
  return kbps >= 300 * perFrame ? 8 : 5;
}

/** H.264 has pictures of even sizes only, in 4:2:0. */
function even(scale: number, { width, height }: VideoSize): VideoSize {
  const half = (value: number) => Math.max(2, 2 * Math.floor((value * scale) / 2));
  return { width: half(width), height: half(height) };
}

/** ITU-T H.264 table A-1: level, macroblocks in a picture, macroblocks a second. */
const LEVELS: readonly (readonly [level: number, frame: number, perSecond: number])[] = [
  [0x1e, 1620, 40_500],
  [0x1f, 3600, 108_000],
  [0x20, 5120, 216_000],
  [0x28, 8192, 245_760],
  [0x2a, 8704, 522_240],
  [0x33, 36_864, 983_040],
];
/** Constrained baseline, main, high: the first has no B-frames in any encoder, and every decoder has it. */
const PROFILES = ["42E0", "4D40", "6400"] as const;

/** The codec strings to try, the best first: RFC 6381 section 3.3. */
export function avcCodecs({ width, height, fps }: VideoSettings): readonly string[] {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const fitting = LEVELS.find(([, frame, perSecond]) => macroblocks <= frame && macroblocks * fps <= perSecond);
  const level = (fitting?.[0] ?? 0x33).toString(16).toUpperCase();
  return PROFILES.map((profile) => `avc1.${profile}${level}`);
}
