/** Writes HLS playlists of a stored timeline. */
import { type StoredPlaylist, type Variant, writeStoredPlaylist } from "@lectern/media";
import type { ContentKey } from "../../access/encryption/content-keys.ts";
import { keySuffix, playlistKey } from "../../access/encryption/key-delivery.ts";
import { packageInitialisation } from "../../live/hls/cmaf-packager.ts";
import { storedTracks } from "../files/indexed-file.ts";
import type { TimedSegment, Timeline } from "../files/timeline.ts";
import type { TimelineKeys } from "./timeline-keys.ts";

const PEAK_MARGIN = 1.1;

export function segmentName({ term, msn }: { readonly term: number; readonly msn: number }, key: ContentKey | null): string {
  return `${term}-${msn}${keySuffix(key)}.m4s`;
}

export function initialisationName(initialisation: string): string {
  return `init-${initialisation}.mp4`;
}

/**
 * A media playlist with addresses relative to the epoch's folder.
 * @param from number of the first listed segment; @param to behind the last one
 */
export function storedPlaylist(
  timeline: Timeline,
  from: number,
  to: number,
  epoch: string,
  type: StoredPlaylist["type"],
  ended: boolean,
  keyOf: TimelineKeys,
): string {
  const segments = segmentsOf(timeline, from, to);
  return writeStoredPlaylist({
    type,
    ended,
    targetSeconds: Math.max(timeline.target, ...segments.map(({ duration }) => Math.round(duration))),
    mediaSequence: type === null ? (segments[0]?.msn ?? 0) : 0,
    independent: segments.every(({ independent }) => independent),
    segments: segments.map((segment) => {
      const { line } = segment.file;
      const base = line.epoch === epoch ? "" : `../${line.epoch}/`;
      const key = keyOf(line.epoch, segment.msn);
      return {
        uri: base + segmentName(segment, key),
        duration: segment.duration,
        utc: segment.utc,
        discontinuity: segment.discontinuities,
        map: base + initialisationName(segment.context.initialisation),
        key: playlistKey(base, key),
      };
    }),
  });
}

/** The timeline's entry in a multivariant playlist; null when HLS cannot carry its codecs. */
export function storedVariant(timeline: Timeline): Omit<Variant, "uri"> | null {
  const segments = segmentsOf(timeline, 0, timeline.length).filter(({ duration }) => duration > 0);
  const first = segments.find(({ context }) => storedTracks(context).length > 0);
  if (!first) return null;
  const tracks = storedTracks(first.context);
  const rates = segments.map(({ hlsBytes, duration }) => (hlsBytes * 8) / duration);
  const seconds = segments.reduce((sum, { duration }) => sum + duration, 0);
  const bytes = segments.reduce((sum, { hlsBytes }) => sum + hlsBytes, 0);
  const video = tracks.find((track) => track.kind === "video");
  return {
    bandwidth: rates.reduce((most, rate) => Math.max(most, rate), 0) * PEAK_MARGIN,
    averageBandwidth: (bytes * 8) / seconds,
    codecs: tracks.map((track) => track.format.codecString),
    resolution: video ? { width: video.format.width, height: video.format.height } : null,
    frameRate: video?.format.frameRate ?? null,
  };
}

function segmentsOf(timeline: Timeline, from: number, to: number): TimedSegment[] {
  const segments: TimedSegment[] = [];
  for (let number = from; number < to; number++) {
    const segment = timeline.segment(number);
    if (segment) segments.push(segment);
  }
  return segments;
}

/** @param name without the extension */
export function findInitialisation(timeline: Timeline, name: string): Buffer | null {
  for (let number = 0; number < timeline.length; number++) {
    const segment = timeline.segment(number);
    if (segment && initialisationName(segment.context.initialisation) === `${name}.mp4`)
      return packageInitialisation(segment.context);
  }
  return null;
}
