/** Provides a plain picture with a person's name, which stands in their tile while their camera is off, as one H.264 key frame. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FlvReader, TAG_TYPE, writeTag } from "@lectern/media";
import { runProgram } from "../../platform/jobs/run-process.ts";
import { inDirectory } from "../encoding/encoder-run.ts";
import { escapeLine, watermarkLines } from "../encoding/subtitle-text.ts";

/** Tags of an FLV. */
export type NameTile = { readonly configuration: Buffer; readonly frame: Buffer };

/** As the page of a lesson shows who is not seen. */
const COLOUR = { background: "0x18242C", letters: "&H00F4F1EA" } as const;
const SIZE = { width: 640, height: 360, letters: 40 } as const;
/** Of the tile's width. */
const MOST_WIDTH = 0.9;
const TEXT_FILE = "name.ass";
/** On a busy machine. */
const WITHIN_MS = 60_000;
const MOST_BYTES = 1024 * 1024;

/**
 * @param command ffmpeg; @param folder where a file can be written for a moment; @param name empty: none is shown
 * @returns null where this machine cannot make one. Without fonts it is plain
 */
export async function makeNameTile(command: string, folder: string, name: string): Promise<NameTile | null> {
  const file = join(folder, TEXT_FILE);
  try {
    await writeFile(file, nameText(name));
    return (await encode(command, folder, `ass=${TEXT_FILE},`)) ?? (await encode(command, folder, ""));
  } finally {
    await rm(file, { force: true });
  }
}

async function encode(command: string, folder: string, text: string): Promise<NameTile | null> {
  const args = [
    ...["-hide_banner", "-loglevel", "error", "-nostats", "-nostdin", "-f", "lavfi"],
    ...["-i", `color=c=${COLOUR.background}:s=${SIZE.width}x${SIZE.height}:r=25`, "-vf", `${text}format=yuv420p`],
    ...["-frames:v", "1", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-threads", "1", "-bf", "0"],
    ...["-flvflags", "no_duration_filesize", "-f", "flv", "pipe:1"],
  ];
  const program = inDirectory(folder, command, args);
  const { output } = await runProgram({ ...program, withinMs: WITHIN_MS, maxBytes: MOST_BYTES });
  return output && tileOf(output);
}

function tileOf(flv: Uint8Array): NameTile | null {
  /** By AVCPacketType (FLV 10.1, E.4.3.1): the configuration is 0, a frame 1. */
  const tags: Buffer[] = [];
  const onTag = ({ type, body }: { readonly type: number; readonly body: Uint8Array }): void => {
    const kind = body[1] ?? Number.NaN;
    if (type === TAG_TYPE.video && kind < 2) tags[kind] ??= Buffer.from(writeTag(TAG_TYPE.video, 0, [body]));
  };
  if (new FlvReader({ onTag, maxTagBytes: MOST_BYTES }).push(flv)) return null;
  const [configuration, frame] = tags;
  return configuration && frame ? { configuration, frame } : null;
}

/** ASS (Advanced SubStation Alpha v4.00+), which libass writes from right to left where a script does. */
function nameText(name: string): string {
  const lines = watermarkLines(name, (SIZE.width * MOST_WIDTH) / SIZE.letters).map(escapeLine);
  return [
    ...["[Script Info]", "ScriptType: v4.00+", `PlayResX: ${SIZE.width}`, `PlayResY: ${SIZE.height}`, "WrapStyle: 2"],
    ...["YCbCr Matrix: None", "", "[V4+ Styles]", "Format: Name, Fontname, Fontsize, PrimaryColour, Alignment"],
    ...[`Style: Name,sans-serif,${SIZE.letters},${COLOUR.letters},5`, "", "[Events]"],
    ...["Format: Layer, Start, End, Style, Text", `Dialogue: 0,0:00:00.00,0:00:10.00,Name,${lines.join("\\N")}`, ""],
  ].join("\n");
}
