/** Reads a decoder configuration: refuses one that no decoder would take, and passes on those of unknown codecs. */
import {
  AUDIO_CODEC,
  type AudioFormat,
  av1Format,
  type FourCc,
  hevcFormat,
  Malformed,
  parseAacConfiguration,
  parseAvcConfiguration,
  parseAvcSps,
  parseHevcConfiguration,
  parseOpusHead,
  parseVp9Configuration,
  VIDEO_CODEC,
  type VideoFormat,
} from "@lectern/media";

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
      // The size stands only in the key frames; the ingest completes it from the first one.
      const { profile } = configuration;
      const codecString = configuration.codecString.replace(VIDEO_CODEC.vp9, codec);
      return { width: 0, height: 0, frameRate: null, profile: `Profile ${profile}`, codecString };
    }
    default:
      return null;
  }
}

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
