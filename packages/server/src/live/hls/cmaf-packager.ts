/**
 * Packages log entries as CMAF: a pure function without a clock or memory of earlier segments, so that all processes with the same entries
 * make the same bytes. A segment is its parts one after the other.
 */
import {
  type AudioTrack,
  type Fmp4Track,
  type FragmentTrack,
  frameSamples,
  hasConfiguration,
  type Sample,
  SampleClock,
  VIDEO_TIMESCALE,
  type VideoTrack,
  writeFragment,
  writeInitialisation,
} from "@lectern/media";
import type { LogContext, MediaEntry, PartMark, SegmentHead } from "../streams/index.ts";

type Positions = SegmentHead["start"];

const TICKS_PER_MS = VIDEO_TIMESCALE / 1000;
/** Duration of a stream's last video frame, if it is the only one of its part. */
const LAST_FRAME_TICKS = VIDEO_TIMESCALE / 25;

/** The tracks of a context that HLS can carry. */
export function tracksOf({ video, audio }: LogContext): { readonly video: VideoTrack | null; readonly audio: AudioTrack | null } {
  return {
    video:
      video?.format && hasConfiguration(video.codec)
        ? { kind: "video", codec: video.codec, configuration: video.data, format: video.format }
        : null,
    audio:
      audio?.format && hasConfiguration(audio.codec)
        ? { kind: "audio", codec: audio.codec, configuration: audio.data, format: audio.format }
        : null,
  };
}

/** The initialisation segment of a context; null when HLS can carry none of its tracks. */
export function packageInitialisation(context: LogContext): Buffer | null {
  const { video, audio } = tracksOf(context);
  const tracks = [video, audio].filter((track): track is Fmp4Track => track !== null);
  return tracks.length === 0 ? null : asBuffer(writeInitialisation(tracks));
}

/**
 * Packages one part as a CMAF chunk.
 * @param mark the mark that begins the part
 * @param frames the part's frames in the order of the log
 * @param end where the tracks continue after the part; null at the stream's end
 * @param allocate gives memory for the bytes
 */
export function packagePart(
  context: LogContext,
  mark: Pick<PartMark, "sequence" | "previousEnd">,
  frames: readonly MediaEntry[],
  end: Positions | null,
  allocate: (size: number) => Buffer = Buffer.allocUnsafeSlow,
): Buffer {
  const { video, audio } = tracksOf(context);
  const tracks: FragmentTrack[] = [];
  if (video) tracks.push(videoSamples(frames, end));
  if (audio) tracks.push(audioSamples(frames, audio, mark.previousEnd.audio));
  return asBuffer(writeFragment(mark.sequence, tracks, allocate));
}

function videoSamples(all: readonly MediaEntry[], end: Positions | null): FragmentTrack {
  const frames = all.filter((frame) => frame.track === "video");
  const samples: Sample[] = frames.map((frame, i) => ({
    duration: videoDuration(frames, i, end?.video ?? null),
    compositionOffset: frame.compositionOffset * TICKS_PER_MS,
    key: frame.key,
    disposable: frame.disposable,
    data: frame.payload,
  }));
  return { kind: "video", start: (frames[0]?.decodeTime ?? 0) * TICKS_PER_MS, samples };
}

function videoDuration(frames: readonly MediaEntry[], i: number, end: number | null): number {
  const at = (frames[i]?.decodeTime ?? 0) * TICKS_PER_MS;
  const next = frames[i + 1];
  if (next) return Math.max(0, next.decodeTime * TICKS_PER_MS - at);
  if (end !== null) return Math.max(0, end - at);
  return i > 0 ? videoDuration(frames, i - 1, null) : LAST_FRAME_TICKS;
}

function audioSamples(all: readonly MediaEntry[], track: AudioTrack, from: number | null): FragmentTrack {
  const frames = all.filter((frame) => frame.track === "audio");
  const clock = new SampleClock(from);
  const lengths = frames.map((frame) => frameSamples(frame.codec, track.format, frame.payload));
  const times = frames.map((frame, i) => clock.place(frame.decodeTime, track.format.sampleRate, lengths[i] ?? 0));
  const samples: Sample[] = frames.map((frame, i) => ({
    // Where audio is missing, the frame before lasts until it continues.
    duration: Math.max(0, (times[i + 1] ?? (times[i] ?? 0) + (lengths[i] ?? 0)) - (times[i] ?? 0)),
    compositionOffset: 0,
    key: true,
    disposable: false,
    data: frame.payload,
  }));
  return { kind: "audio", start: times[0] ?? 0, samples };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
