/**
 * Plays a file, or a list of files, over and over in real time. All of them are below the folder that the operator has named, also behind
 * symbolic links, and ffmpeg may open nothing else: no network, and no format that names further files.
 */
import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, extname, resolve, sep } from "node:path";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { type FfmpegEvents, type FfmpegSource, startFfmpeg } from "./ffmpeg-source.ts";
import { messageOf, type Source, type SourceContext } from "./source.ts";

/** A single file is looped by ffmpeg; a list is written out so often that it lasts for days. */
type Playback = { readonly kind: "file"; readonly path: string } | { readonly kind: "list"; readonly paths: readonly string[] };

const LISTS = [".m3u8", ".m3u", ".txt", ".ffconcat"];
const MAX_LIST_BYTES = 1024 * 1024;
const MAX_ENTRIES = 10_000;
/** Lines of the list that ffmpeg gets, at least. */
const LINES = 10_000;
/** Containers, none of which refers to other files. */
const CONTAINERS = [
  "aac",
  "avi",
  "flv",
  "h264",
  "hevc",
  "matroska,webm",
  "mov,mp4,m4a,3gp,3g2,mj2",
  "mp3",
  "mpeg",
  "mpegts",
  "ogg",
  "wav",
];

export function openFile(path: string, context: SourceContext, events: FfmpegEvents, encodeSound: boolean): Source {
  let program: FfmpegSource | null = null;
  let closed = false;
  void findFiles(path, context.files).then((found) => {
    if (closed) return;
    if ("code" in found) return events.onEnd(found);
    program = startFfmpeg(context, { args: argumentsOf(found), encodeSound }, events);
    const [stdin] = program.inputs;
    stdin?.end(found.kind === "list" ? listOf(found.paths) : "");
  });
  const close = (): void => {
    closed = true;
    program?.close();
  };
  return { close, pid: () => program?.pid() ?? null };
}

function argumentsOf(playback: Playback): string[] {
  const formats = ["-format_whitelist", ["concat", ...CONTAINERS].join(",")];
  return playback.kind === "file"
    ? ["-re", "-stream_loop", "-1", "-protocol_whitelist", "file", ...formats, "-i", `file:${playback.path}`]
    : ["-re", "-protocol_whitelist", "file,pipe", ...formats, "-f", "concat", "-safe", "0", "-i", "pipe:0"];
}

/** ffmpeg's own form. In quotes, nothing but a quote has a meaning. */
function listOf(paths: readonly string[]): string {
  const once = paths.map((path) => `file 'file:${path.replaceAll("'", "'\\''")}'\n`).join("");
  return `ffconcat version 1.0\n${once.repeat(Math.ceil(LINES / paths.length))}`;
}

async function findFiles(path: string, folder: string): Promise<Playback | JobProblem> {
  if (folder === "") return { code: "not-allowed", detail: "Files are played only below sources.files, which is not set." };
  try {
    const root = await realpath(folder);
    // A name below the folder, or a whole path that leads there.
    const whole = path.startsWith(root + sep) || path.startsWith(folder + sep) ? path : resolve(root, `.${sep}${path}`);
    const found = await below(root, whole);
    if (typeof found !== "string") return found;
    if (!LISTS.includes(extname(found).toLowerCase())) return { kind: "file", path: found };
    return await readList(root, found);
  } catch (error) {
    return { code: "unreachable", detail: messageOf(error) };
  }
}

/** The real path of a file below the folder. */
async function below(root: string, path: string): Promise<string | JobProblem> {
  let real: string;
  try {
    real = await realpath(path);
  } catch {
    // Outside the folder, nobody learns what there is.
    return resolve(path).startsWith(root + sep) ? { code: "no-such-stream", detail: `There is no file ${path}.` } : outside(path);
  }
  if (!real.startsWith(root + sep)) return outside(path);
  if (!(await stat(real)).isFile()) return { code: "not-media", detail: `${path} is no file.` };
  return /[\n\r]/.test(real) ? { code: "unsupported", detail: "The name of the file has a line break." } : real;
}

function outside(path: string): JobProblem {
  return { code: "not-allowed", detail: `${path} is not below sources.files.` };
}

async function readList(root: string, list: string): Promise<Playback | JobProblem> {
  if ((await stat(list)).size > MAX_LIST_BYTES)
    return { code: "unsupported", detail: `${list} is larger than ${MAX_LIST_BYTES} bytes.` };
  const names = namesIn(await readFile(list, "utf8"));
  if (names.length === 0) return { code: "not-media", detail: `${list} names no file.` };
  if (names.length > MAX_ENTRIES) return { code: "unsupported", detail: `${list} names more than ${MAX_ENTRIES} files.` };
  const paths: string[] = [];
  for (const name of names) {
    if (/^[a-z][a-z0-9+.-]+:/i.test(name)) return { code: "not-allowed", detail: `${list} names ${name}, which is no file.` };
    const path = await below(root, resolve(dirname(list), name));
    if (typeof path !== "string") return path;
    // Lists in lists could go on for ever.
    if (LISTS.includes(extname(path).toLowerCase())) return { code: "unsupported", detail: `${list} names another list.` };
    paths.push(path);
  }
  return { kind: "list", paths };
}

/** Names in a list: `file 'NAME'` of ffmpeg's lists, whole lines of others. */
function namesIn(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/^\ufeff/, "").trim());
  const isFfconcat = lines.some((line) => /^file\s/.test(line));
  return lines.flatMap((line) => {
    if (line === "" || line.startsWith("#") || line.startsWith("ffconcat ")) return [];
    if (!isFfconcat) return [line];
    const [, name] = /^file\s+(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [name.replace(/^'(.*)'$/, "$1").replaceAll("'\\''", "'")];
  });
}
