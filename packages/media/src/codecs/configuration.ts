/** Reads a decoder configuration: refuses one that no decoder would take, and passes on those of unknown codecs. */
import { Malformed } from "../bytes/malformed.ts";
import { parseAacConfiguration } from "./aac.ts";
import type { AudioFormat } from "./audio-format.ts";
import { av1Format } from "./av1.ts";
import { AUDIO_CODEC, type FourCc, VIDEO_CODEC } from "./four-cc.ts";
import { parseAvcConfiguration, parseAvcSps } from "./h264.ts";
import { hevcFormat, parseHevcConfiguration } from "./hevc.ts";
import { parseOpusHead } from "./opus.ts";
import type { VideoFormat } from "./video-format.ts";
import { vp8KeyFrameSize } from "./vp8.ts";
import { parseVp9Configuration, vp9KeyFrameSize } from "./vp9.ts";

/**
 * What a picture's configuration describes: avcC, hvcC, av1C, vpcC (ISO/IEC 14496-15, AV1 and VP bindings). Null for a codec that is not known here,
 * `Malformed` where the codec's rules are broken.
 */
export function readVideoConfiguration(codec: FourCc, data: Uint8Array): VideoFormat | null | Malformed {
  switch (codec) {
    case VIDEO_CODEC.h264: {
      const configuration = parseAvcConfiguration(data);
      return configuration instanceof Malformed ? configuration : parseAvcSps(configuration.sps[0] ?? new Uint8Array());
    }
    case VIDEO_CODEC.hevc: {
      const configuration = parseHevcConfiguration(data);
      return configuration instanceof Malformed ? configuration : hevcFormat(configuration);
    }
    case VIDEO_CODEC.av1:
      return av1Format(data);
    case VIDEO_CODEC.vp9:
    case VIDEO_CODEC.vp8: {
      const configuration = parseVp9Configuration(data);
      if (configuration instanceof Malformed) return configuration;
      // The size stands only in the key frames; `sizeInKeyFrame` reads it there.
      const { profile } = configuration;
      const codecString = configuration.codecString.replace(VIDEO_CODEC.vp9, codec);
      return { width: 0, height: 0, frameRate: null, profile: `Profile ${profile}`, codecString };
    }
    default:
      return null;
  }
}

/** The same of sound: AudioSpecificConfig (ISO/IEC 14496-3), OpusHead (RFC 7845). */
export function readAudioConfiguration(codec: FourCc, data: Uint8Array): AudioFormat | null | Malformed {
  switch (codec) {
    case AUDIO_CODEC.aac:
      return parseAacConfiguration(data);
    case AUDIO_CODEC.opus:
      return parseOpusHead(data);
    default:
      return null;
  }
}

const SIZE_IN_KEY_FRAME: { readonly [codec: FourCc]: typeof vp9KeyFrameSize } = {
  [VIDEO_CODEC.vp9]: vp9KeyFrameSize,
  [VIDEO_CODEC.vp8]: vp8KeyFrameSize,
};

/** The picture's size as a key frame has it; null for codecs whose configuration has it. */
export function sizeInKeyFrame(codec: FourCc, frame: Uint8Array): ReturnType<typeof vp9KeyFrameSize> | null {
  return SIZE_IN_KEY_FRAME[codec]?.(frame) ?? null;
}
