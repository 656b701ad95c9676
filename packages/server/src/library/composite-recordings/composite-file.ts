/**
 * Makes the composite recording of a lesson: ffmpeg decodes what each person published, puts it into tiles and mixes the sound. Its file then becomes a recording
 * of the lesson.
 */
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { CompositeOrder } from "../../contracts/recordings/composite-order.ts";
import type { Clock } from "../../platform/clock.ts";
import { FIRST_OUTPUT } from "../../platform/jobs/process-group.ts";
import { type EncoderProblem, type EncoderStop, inFolder, runEncoder } from "../encoding/encoder-run.ts";
import { DISK, indexPath } from "../files/disk.ts";
import type { FileKeys } from "../files/file-keys.ts";
import { recordingFileName } from "../files/file-names.ts";
import { IndexedFile } from "../files/indexed-file.ts";
import { type CompositeInput, compositeArguments, compositeGraph } from "./composite-arguments.ts";
import { feedOf } from "./composite-feed.ts";
import { tilePositionsOf, tilesOf } from "./composite-grid.ts";
import { recordComposite } from "./composite-recording.ts";
import { type CompositeTrack, type PersonRecordings, placeTracks } from "./composite-tracks.ts";
import { type Decodable, tryTrack } from "./composite-trial.ts";
import { makeNameTile, type NameTile } from "./name-tile.ts";

export type CompositeFileOptions = {
  /** ffmpeg, looked for in PATH. */
  readonly command: string;
  /** Of its own: it is removed at the end. */
  readonly folder: string;
  /** Where recordings are. */
  readonly record: string;
  /** Encrypt the recording. */
  readonly keys: FileKeys;
  readonly order: Pick<CompositeOrder, "app" | "name" | "result" | "epoch">;
  readonly people: readonly PersonRecordings[];
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Each second. @param share 0 to 1 */
  readonly onProgress: (share: number, bytes: number, cores: number | null) => void;
  /** What is left out, or why nothing was made. */
  readonly onFailure: (reason: string) => void;
};

/** A recorded file that is whole. */
export type MadeComposite = { readonly path: string; readonly bytes: number };

/** no-picture: nothing can be decoded. */
type CompositeProblem = EncoderProblem | "no-picture";

/** More people than places, one after the other. Each is a program's input for the whole time. */
const MAX_PEOPLE = 40;
const GRAPH_FILE = "graph.txt";
const ENCODED_FILE = "encoded.flv";
const RECORDED_FILE = "recorded.flv";

type Input = { readonly track: CompositeTrack; readonly decodable: Decodable };

/** Nothing is left behind where it fails. @param run gets the function that stops it */
export function makeComposite(options: CompositeFileOptions, run: EncoderStop): Promise<MadeComposite | CompositeProblem> {
  return inFolder(options, () => make(options, run));
}

async function make(options: CompositeFileOptions, run: EncoderStop): Promise<MadeComposite | CompositeProblem> {
  const { folder, people, order, record, maxBytes, keys } = options;
  const placed = placeTracks(people);
  const { app, name, result, epoch } = order;
  const path = join(record, app, name, `${recordingFileName(placed.utc)}-${result}.flv`);
  const finished = await IndexedFile.open(path, DISK, keys).catch(() => null);
  // A try before has made it, and died before it could say so.
  if (finished?.end) return { path, bytes: (await stat(path)).size };
  const inputs: Input[] = [];
  for (const track of placed.tracks) {
    if (run.stopped) return "failed";
    // Who says nothing for long is thought to be gone.
    options.onProgress(0, 0, null);
    const decodable = await decodableOf(options, track);
    if (decodable) inputs.push({ track, decodable });
  }
  const used = inputs.slice(0, MAX_PEOPLE);
  if (used.length < inputs.length) options.onFailure(`${inputs.length - used.length} people who came last are left out`);
  if (used.length === 0) return "no-picture";
  const seconds = placed.milliseconds / 1000;
  await writeFile(join(folder, GRAPH_FILE), compositeGraph(inputsOf(used), placed.milliseconds));
  // The rest of the room is for the copy.
  const encoding = { ...options, file: ENCODED_FILE, seconds, maxBytes: maxBytes / 2 };
  const descriptors = used.map((_, i) => (i === 0 ? 0 : FIRST_OUTPUT + i - 1));
  const args = compositeArguments(descriptors, seconds, GRAPH_FILE, ENCODED_FILE);
  const tiles = new Map<Input, NameTile | null>();
  for (const input of used)
    if (input.decodable.video) tiles.set(input, await makeNameTile(options.command, folder, input.track.title));
  const sources = used.map((input) => feedOf({ ...input, ...input.decodable, tile: tiles.get(input) ?? null, origin: 0 }));
  const problem = run.stopped ? "failed" : await runEncoder({ ...encoding, args, sources }, run);
  if (problem) return problem;
  const made = join(folder, RECORDED_FILE);
  const of = { app, name, recording: result, epoch, utc: placed.utc, seconds, key: keys.create() };
  await recordComposite({ source: join(folder, ENCODED_FILE), path: made, ...of });
  if (run.stopped) return "failed";
  await mkdir(join(path, ".."), { recursive: true });
  // A file without an index would be taken for a broken one.
  await rename(indexPath(made), indexPath(path));
  await rename(made, path);
  return { path, bytes: (await stat(path)).size };
}

/** Null where nothing of it can be decoded. */
async function decodableOf({ command, onFailure }: CompositeFileOptions, track: CompositeTrack): Promise<Decodable | null> {
  const decodable = await tryTrack(command, track).catch((error: unknown) => {
    onFailure(error instanceof Error ? error.message : String(error));
    return { video: false, audio: false };
  });
  const files = () => [...new Set(track.segments.map(({ segment }) => basename(segment.file.path)))].slice(0, 3).join(", ");
  if (!decodable.video && !decodable.audio) onFailure(`the recordings of ${track.person} cannot be decoded: ${files()}`);
  return decodable.video || decodable.audio ? decodable : null;
}

/** Who is only heard has no place. */
function inputsOf(used: readonly Input[]): CompositeInput[] {
  const seen = used.filter(({ decodable }) => decodable.video);
  const places = tilePositionsOf(seen.map(({ track }) => track.spans));
  const tiles = tilesOf(Math.max(0, ...places.map((place) => (place ?? -1) + 1)));
  return used.map((input): CompositeInput => {
    const place = places[seen.indexOf(input)] ?? null;
    const tile = place === null ? null : (tiles[place] ?? null);
    return { tile, spans: input.track.spans, hasAudio: input.decodable.audio };
  });
}
