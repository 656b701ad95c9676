/** Completes the metadata of a publisher (FLV's `onMetaData`) from its decoder configurations. */
import { type AmfObject, type AmfValue, AUDIO_CODEC, type FourCc, fourCcBytes, VIDEO_CODEC } from "@lectern/media";
import { PROBLEM_PROPERTY } from "../log/reported-problems.ts";
import type { AudioSetup, VideoSetup } from "./track-setup.ts";

/** Properties of files, which a live stream does not have. */
const OF_A_FILE = new Set(["duration", "filesize", "keyframes", "lasttimestamp", "lastkeyframetimestamp", "datasize"]);
/** What another server has found out is found out here again. */
const OF_THE_SERVER = new Set<string>(Object.values(PROBLEM_PROPERTY));
const MAX_PROPERTIES = 64;
const MAX_STRING = 1024;

/** The numbers and short strings of a publisher's metadata; nothing else is passed on. */
export function cleanMetadata(properties: AmfObject): AmfObject {
  const entries = Object.entries(properties).filter(
    ([key, value]) => key.length <= 64 && !OF_A_FILE.has(key.toLowerCase()) && !OF_THE_SERVER.has(key) && isPlain(value),
  );
  return Object.fromEntries(entries.slice(0, MAX_PROPERTIES));
}

function isPlain(value: AmfValue): boolean {
  if (typeof value === "string") return value.length <= MAX_STRING;
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

const OF_VIDEO = ["width", "height", "framerate", "videocodecid", "videodatarate"];
const OF_AUDIO = ["audiocodecid", "audiosamplerate", "audiochannels", "stereo", "audiosamplesize", "audiodatarate"];

/** Metadata for a player of the given tracks. */
export function completeMetadata(publisher: AmfObject, video: VideoSetup | null, audio: AudioSetup | null): AmfObject {
  const out: Record<string, AmfValue> = { ...publisher };
  // A publisher may change its size without sending metadata again.
  for (const key of [...(video ? [] : OF_VIDEO), ...(audio ? [] : OF_AUDIO)]) delete out[key];
  if (video) {
    out["videocodecid"] = videoCodecNumber(video.codec);
    if (video.format && video.format.width > 0) {
      out["width"] = video.format.width;
      out["height"] = video.format.height;
    }
    out["framerate"] ??= video.format?.frameRate ?? undefined;
  }
  if (audio) {
    out["audiocodecid"] = audioCodecNumber(audio.codec);
    if (audio.format) {
      out["audiosamplerate"] = audio.format.sampleRate;
      out["audiochannels"] = audio.format.channels;
      out["stereo"] = audio.format.channels === 2;
    }
  }
  for (const [key, value] of Object.entries(out)) if (value === undefined) delete out[key];
  return out;
}

function videoCodecNumber(codec: FourCc): number {
  return codec === VIDEO_CODEC.h264 ? 7 : fourCcNumber(codec);
}

function audioCodecNumber(codec: FourCc): number {
  if (codec === AUDIO_CODEC.aac) return 10;
  return codec === AUDIO_CODEC.mp3 ? 2 : fourCcNumber(codec);
}

/** Enhanced RTMP v2, "Enhancing onMetaData": the FourCC as a big-endian number. */
function fourCcNumber(codec: FourCc): number {
  return fourCcBytes(codec).reduce((sum, byte) => sum * 256 + byte, 0);
}
