/**
 * Writes a watermark as subtitles in the format ASS (Advanced SubStation Alpha v4.00+), which ffmpeg burns into the picture by libass. libass
 * takes each letter from a font that has it, and writes from right to left where a script does, which `drawtext` does not.
 */
import { escapeLine, watermarkLines, widthOf } from "../encoding/subtitle-text.ts";
import { fontPixels, type Size, type WatermarkStay, watermarkStays } from "./watermark-positions.ts";

export type WatermarkText = {
  readonly text: string;
  /** 0.05 to 1. */
  readonly opacity: number;
};

/** A line is no wider than this share of the picture, so that two copies have room beside each other. */
const MOST_WIDTH = 0.46;
const LINE_HEIGHT = 1.25;
/** ASS measures a font from its ascent to its descent, which is more than the height of the letters. */
const ASS_FONT = 1.2;
const STYLE_FIELDS =
  "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding";

/** The subtitles of a whole file. @param random gives numbers from 0 to 1 */
export function watermarkSubtitles(mark: WatermarkText, picture: Size, seconds: number, random: () => number): string {
  const font = fontPixels(picture);
  const lines = watermarkLines(mark.text, (picture.width * MOST_WIDTH) / font);
  const copy = { width: Math.max(0, ...lines.map(widthOf)) * font, height: lines.length * LINE_HEIGHT * font };
  return subtitles(mark, picture, font, lines, watermarkStays(seconds, picture, copy, random));
}

function subtitles(
  { opacity }: WatermarkText,
  picture: Size,
  font: number,
  lines: readonly string[],
  stays: readonly WatermarkStay[],
): string {
  const alpha = Math.round((1 - Math.min(1, Math.max(0, opacity))) * 255)
    .toString(16)
    .padStart(2, "0")
    .toUpperCase();
  const [white, black] = [`&H${alpha}FFFFFF`, `&H${alpha}000000`];
  const size = (font * ASS_FONT).toFixed(1);
  const outline = Math.max(1, font * 0.06).toFixed(1);
  const written = lines.map(escapeLine).join("\\N");
  return [
    ...["[Script Info]", "ScriptType: v4.00+", `PlayResX: ${picture.width}`, `PlayResY: ${picture.height}`],
    // Lines are broken here. Colours are those of the picture, whatever its matrix.
    ...["WrapStyle: 2", "ScaledBorderAndShadow: yes", "YCbCr Matrix: None", ""],
    ...["[V4+ Styles]", `Format: ${STYLE_FIELDS}`],
    `Style: Mark,sans-serif,${size},${white},${white},${black},${black},-1,0,0,0,100,100,0,0,1,${outline},0,7,0,0,0,1`,
    ...["", "[Events]", "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"],
    ...stays.flatMap(({ from, to, corners }) =>
      // Two layers: copies that meet are not moved apart.
      corners.map(
        ({ left, top }, layer) =>
          `Dialogue: ${layer},${assTime(from)},${assTime(to)},Mark,,0,0,0,,{\\pos(${left},${top})}${written}`,
      ),
    ),
    "",
  ].join("\n");
}

function assTime(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const part = (of: number, each: number) => String(Math.floor(hundredths / of) % each).padStart(2, "0");
  return `${Math.floor(hundredths / 360_000)}:${part(6000, 60)}:${part(100, 60)}.${part(1, 100)}`;
}
