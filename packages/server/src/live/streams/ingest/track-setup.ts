/** Stores the decoder configurations that a source has announced, one for each track, and pairs frames with them. */
import { createHash } from "node:crypto";
import {
  AUDIO_CODEC,
  type AudioFormat,
  configurationOf,
  type FourCc,
  hasConfiguration,
  hasNalUnits,
  Malformed,
  meantAacConfiguration,
  meantConfiguration,
  readAudioConfiguration,
  readVideoConfiguration,
  sizeInKeyFrame,
  splitNals,
  VIDEO_CODEC,
  type VideoFormat,
  VP8_CONFIGURATION,
} from "@lectern/media";
import { type AudioConfiguration, decodesAlike, type VideoConfiguration } from "../log/log-entry.ts";
import type { SourceFrame } from "./source.ts";

export type VideoSetup = {
  readonly track: "video";
  readonly codec: FourCc;
  readonly data: Uint8Array;
  readonly format: VideoFormat | null;
};
export type AudioSetup = {
  readonly track: "audio";
  readonly codec: FourCc;
  readonly data: Uint8Array;
  readonly format: AudioFormat | null;
};
export type TrackSetup = VideoSetup | AudioSetup;

/** Null for a track that is absent. */
export type TrackSetups = { readonly video: VideoSetup | null; readonly audio: AudioSetup | null };

const NO_DATA = new Uint8Array(0);

export class AnnouncedTracks implements TrackSetups {
  /** The newest configurations. */
  video: VideoSetup | null = null;
  audio: AudioSetup | null = null;

  /** Takes a configuration. `Malformed` when its codec's rules are broken: the one before it stays. An empty one is none. */
  announce(track: "video" | "audio", codec: FourCc, data: Uint8Array): Malformed | null {
    if (data.length === 0 && hasConfiguration(codec)) return null;
    return this.store(track, codec, meant(codec, data));
  }

  /** Takes the parameter sets of a key frame in the place of a configuration, where a publisher sends none. */
  announceFrom({ track, codec, key, payload }: SourceFrame): void {
    if (!key || !hasNalUnits(codec)) return;
    const data = configurationOf(codec, splitNals(payload, 4) ?? []);
    if (data) this.store(track, codec, data);
  }

  private store(track: "video" | "audio", codec: FourCc, data: Uint8Array): Malformed | null {
    const known = this[track];
    if (known && decodesAlike(known, { codec, data })) return null;
    // A copy, since the message may be a view of something larger.
    const copy = Uint8Array.from(data);
    if (track === "video") {
      const format = readVideoConfiguration(codec, data);
      if (format instanceof Malformed) return format;
      this.video = { track, codec, data: copy, format };
    } else {
      const format = readAudioConfiguration(codec, data);
      if (format instanceof Malformed) return format;
      this.audio = { track, codec, data: copy, format };
    }
    return null;
  }

  /** The configuration that decodes a frame; null when none was announced that the codec needs. */
  setupFor(frame: SourceFrame): TrackSetup | null {
    const known = this[frame.track];
    if (known && known.codec === frame.codec) return this.completeSize(known, frame);
    if (hasConfiguration(frame.codec)) return null;
    this.announce(frame.track, frame.codec, frame.codec === VIDEO_CODEC.vp8 ? VP8_CONFIGURATION : NO_DATA);
    const made = this[frame.track];
    return made && this.completeSize(made, frame);
  }

  /** VP8 and VP9 tell their size only in key frames. */
  private completeSize(setup: TrackSetup, frame: SourceFrame): TrackSetup {
    if (setup.track === "audio" || !frame.key || !setup.format) return setup;
    const size = sizeInKeyFrame(setup.codec, frame.payload);
    if (size === null || size instanceof Malformed || (size.width === setup.format.width && size.height === setup.format.height))
      return setup;
    this.video = { ...setup, format: { ...setup.format, ...size } };
    return this.video;
  }
}

/** Some encoders put a byte stream or an ADTS header into the place of a configuration. */
function meant(codec: FourCc, data: Uint8Array): Uint8Array {
  if (hasNalUnits(codec)) return meantConfiguration(codec, data);
  return codec === AUDIO_CODEC.aac ? meantAacConfiguration(data) : data;
}

/** A configuration that is in the log already. */
export function setupOf<T extends VideoConfiguration | AudioConfiguration>(
  entry: T | null,
): Pick<T, "track" | "codec" | "data" | "format"> | null {
  return entry && { track: entry.track, codec: entry.codec, data: entry.data, format: entry.format };
}

export function isSameSetup(a: TrackSetup | null, b: TrackSetup): boolean {
  return a !== null && decodesAlike(a, b);
}

/** Names the configurations of both tracks: the same name, the same HLS initialisation segment. */
export function initialisationOf({ video, audio }: TrackSetups): string {
  const hash = createHash("sha256");
  for (const setup of [video, audio])
    hash.update(setup ? `${setup.track} ${setup.codec} ${setup.data.length}:` : "-").update(setup?.data ?? "");
  // VP9's size is in no configuration.
  hash.update(video?.format ? `${video.format.width}x${video.format.height}` : "");
  return hash.digest("hex").slice(0, 16);
}
