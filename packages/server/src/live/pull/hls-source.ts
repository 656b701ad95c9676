/**
 * Pulls HLS. Playlists, keys and segments are fetched here, and ffmpeg gets the segments' bytes on pipes.
 *
 * ffmpeg could follow playlists itself, but each address in one may lead anywhere: its options restrict protocols and not hosts, and it resolves
 * names again after anybody has checked them. So it may open nothing but its pipes, and is told their format, which leaves no other playlist to be
 * found in a segment. A discontinuity begins another run of ffmpeg, which reads tracks and codecs as they are from there on.
 */
import type { Writable } from "node:stream";
import type { MultivariantPlaylist } from "@lectern/media";
import { FIRST_OUTPUT } from "../../platform/jobs/process-group.ts";
import { type FfmpegEvents, type FfmpegSource, startFfmpeg } from "./ffmpeg-source.ts";
import { fetchPlaylist, followPlaylist, type HlsFetch, type HlsPiece, resolveUri } from "./hls-track.ts";
import { GetError, keptConnections } from "./http-get.ts";
import { messageOf, type Source, type SourceContext } from "./source.ts";
import { SourcePacer } from "./source-pacer.ts";

type Track = AsyncGenerator<HlsPiece>;
/** What the tracks of one run of ffmpeg share. */
type RunState = {
  /** Nothing more is to be written. */
  over: boolean;
  /** One track has come to a discontinuity. */
  atBoundary: boolean;
  readonly ended: Promise<unknown>;
};

const HEAD_WITHIN_MS = 8000;
/** Of live streams; recordings are fetched as slowly as they are played. */
const FULL_AT_MS = { live: 60_000, recording: 10_000 } as const;
/** Target durations: what is held after the start, and some more. */
const HURRY_DURATIONS = 5;
/** Where only one of two tracks says that there is a discontinuity, the other one goes on for so many segments. */
const MAX_BEHIND_BOUNDARY = 3;
const SYNC_BYTE = 0x47;
/** A whole segment of one track may come before that of the other. */
const WAIT_FOR_TRACK_MS = 15_000;

export function openHls(url: URL, context: SourceContext, events: FfmpegEvents, encodeSound: boolean): Source {
  const source = new HlsSource(context, events, encodeSound);
  void source.run(url);
  return source;
}

class HlsSource implements Source {
  private readonly context: SourceContext;
  private readonly events: FfmpegEvents;
  private readonly encodeSound: boolean;
  private readonly abort = new AbortController();
  private readonly connections = keptConnections();
  private program: FfmpegSource | null = null;
  private pacer: SourcePacer | null = null;
  private isFull = false;

  constructor(context: SourceContext, events: FfmpegEvents, encodeSound: boolean) {
    this.context = context;
    this.events = events;
    this.encodeSound = encodeSound;
  }

  close(): void {
    this.abort.abort();
    this.connections.close();
    this.program?.close();
    this.pacer?.close();
  }

  pid(): number | null {
    return this.program?.pid() ?? null;
  }

  async run(url: URL): Promise<void> {
    let problem: Parameters<FfmpegEvents["onEnd"]>[0] = { code: "ended", detail: "The playlist has ended." };
    try {
      await this.play(await this.tracksOf(url));
    } catch (error) {
      problem = error instanceof GetError ? error.problem : { code: "unreachable", detail: messageOf(error) };
    }
    // What has come already is still played.
    const end = () => {
      if (this.abort.signal.aborted) return;
      this.close();
      this.events.onEnd(problem);
    };
    if (this.pacer) this.pacer.drained(end);
    else end();
  }

  /** One playlist, or one of pictures and one of sound. */
  private async tracksOf(url: URL): Promise<Track[]> {
    const { isAllowed, clock } = this.context;
    const get = { isAllowed, signal: this.abort.signal, withinMs: HEAD_WITHIN_MS, connections: this.connections };
    const fetch: HlsFetch = { get, clock, onHeard: () => this.events.onHeard() };
    const first = await fetchPlaylist(url, fetch);
    const follow = (from: URL) => followPlaylist(from, fetch, (seconds, ended) => this.pace(seconds, ended));
    if (first.playlist.kind === "segments") return [follow(url)];
    const { variant, sound } = chooseTracks(first.playlist);
    return [variant, ...(sound === null ? [] : [sound])].map((uri) => follow(resolveUri(uri, first.url)));
  }

  private pace(targetSeconds: number, ended: boolean): void {
    this.pacer ??= new SourcePacer({
      clock: this.context.clock,
      onMessage: (message) => this.events.onMessage(message),
      aheadMs: 0,
      hurryAboveMs: ended ? null : HURRY_DURATIONS * targetSeconds * 1000,
      fullAtMs: ended ? FULL_AT_MS.recording : FULL_AT_MS.live,
      onFull: (isFull) => {
        this.isFull = isFull;
        if (isFull) this.program?.pause();
        else this.program?.resume();
      },
    });
  }

  private async play(tracks: readonly Track[]): Promise<void> {
    let pieces = await nextOf(tracks);
    while (pieces) pieces = await this.playRun(tracks, pieces);
  }

  /** Runs ffmpeg up to the next discontinuity. @returns the pieces behind it; null at the end */
  private async playRun(tracks: readonly Track[], first: readonly HlsPiece[]): Promise<HlsPiece[] | null> {
    const inputs = first.flatMap((piece, i) => inputArguments(piece, i === 0 ? 0 : FIRST_OUTPUT - 1 + i));
    const ended = Promise.withResolvers<{ readonly detail: string; readonly isFinished: boolean }>();
    const program = startFfmpeg(
      this.context,
      {
        // Both inputs keep the times that they have in common.
        args: ["-copyts", ...inputs],
        sound: first.length > 1 ? "1:a:0" : "0:a:0?",
        pipes: first.length - 1,
        waitForTrackMs: WAIT_FOR_TRACK_MS,
        encodeSound: this.encodeSound,
      },
      {
        onHeard: () => {},
        onMessage: (message) => this.pacer?.push(message),
        onEnd: ({ code, detail }) => ended.resolve({ detail, isFinished: code === "ended" }),
        onUnsupportedSound: () => {
          if (this.abort.signal.aborted) return;
          this.close();
          this.events.onUnsupportedSound();
        },
      },
    );
    this.program = program;
    if (this.isFull) program.pause();
    const run: RunState = { over: false, atBoundary: false, ended: ended.promise };
    void ended.promise.then(() => {
      run.over = true;
    });
    const feeds = tracks.map((track, i) => feed(track, first[i], program.inputs[i], run));
    // A feed that fails ends its input; what ffmpeg has got is still played.
    const results = await Promise.allSettled(feeds);
    const { detail, isFinished } = await ended.promise;
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    if (!isFinished) throw new GetError({ code: "not-media", detail });
    const next = results.flatMap((result) => (result.status === "fulfilled" && result.value ? [result.value] : []));
    return next.length === tracks.length ? next : null;
  }
}

/** Writes pieces until one begins something else, and ends the input. @returns that piece; null at the end of the track */
async function feed(
  track: Track,
  first: HlsPiece | undefined,
  input: Writable | undefined,
  run: RunState,
): Promise<HlsPiece | null> {
  if (!first || !input) return null;
  const write = async (bytes: Buffer): Promise<void> => {
    if (!run.over && !input.write(bytes)) await Promise.race([new Promise((resolve) => input.once("drain", resolve)), run.ended]);
  };
  let behindBoundary = 0;
  try {
    if (first.map) await write(first.map);
    await write(first.bytes);
    while (!run.over) {
      const { value, done } = await track.next();
      if (done) return null;
      if (run.atBoundary) behindBoundary++;
      if (value.begins || behindBoundary > MAX_BEHIND_BOUNDARY) {
        run.atBoundary = true;
        return value;
      }
      await write(value.bytes);
    }
    return null;
  } catch (error) {
    // The other track goes no further alone.
    run.over = true;
    throw error;
  } finally {
    input.end();
  }
}

async function nextOf(tracks: readonly Track[]): Promise<HlsPiece[] | null> {
  const results = await Promise.all(tracks.map((track) => track.next()));
  const pieces = results.flatMap(({ value, done }) => (done ? [] : [value]));
  return pieces.length === tracks.length ? pieces : null;
}

/** The format is told, so that nothing else is found in the bytes. */
function inputArguments({ map, bytes }: HlsPiece, pipe: number): string[] {
  const format = map ? "mp4" : bytes[0] === SYNC_BYTE ? "mpegts" : isPackedSound(bytes) ? "aac" : null;
  if (format === null) throw new GetError({ code: "not-media", detail: "The segments are neither MPEG-TS nor MP4." });
  return ["-analyzeduration", "3000000", "-fpsprobesize", "0", "-f", format, "-protocol_whitelist", "pipe", "-i", `pipe:${pipe}`];
}

/** Section 3.4: ADTS, behind a tag with its time. */
function isPackedSound(bytes: Buffer): boolean {
  return bytes.subarray(0, 3).toString("latin1") === "ID3" || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0);
}

/** The variant with the most bits that can be copied, and its sound where that has a playlist of its own. */
function chooseTracks({ variants, sounds }: MultivariantPlaylist): { readonly variant: string; readonly sound: string | null } {
  const isCopied = (codecs: string | null) => codecs === null || /avc|hvc|hev/.test(codecs);
  const usable = variants.filter(({ codecs }) => isCopied(codecs));
  const [best] = [...(usable.length > 0 ? usable : variants)].sort((a, b) => b.bandwidth - a.bandwidth);
  if (!best) throw new GetError({ code: "not-media", detail: "A playlist without variants." });
  const group = sounds.filter((sound) => sound.group === best.audio);
  const sound = group.find(({ isDefault }) => isDefault) ?? group[0];
  return { variant: best.uri, sound: sound?.uri ?? null };
}
