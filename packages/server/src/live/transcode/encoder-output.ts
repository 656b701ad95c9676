/** Reads what ffmpeg gives of a rung, from its pipe, as messages of an ingest: FLV, or MPEG-TS with Opus. */
import { FlvReader, type FlvTag, Malformed, opusHead, readTsOpus, TAG_TYPE, TsReader } from "@lectern/media";
import { readAudioTag, readVideoTag } from "../source-tags.ts";
import type { SourceMessage } from "../streams/index.ts";
import type { Rung } from "./rungs.ts";

/** Takes bytes as they come. `Malformed` when they are none that ffmpeg writes. */
type EncoderOutput = { readonly push: (bytes: Uint8Array) => Malformed | null };

const MAX_TAG_BYTES = 8 * 1024 * 1024;
/** From here on a time is a negative one whose sign bit ffmpeg leaves out. No epoch lasts so long. */
const NEGATIVE_MS = 0x7c000000;
/** MPEG-TS counts 90 kHz with 33 bits; times wrap after a day. */
const TICKS_PER_MS = 90;
const WRAP_MS = 2 ** 33 / TICKS_PER_MS;
/** Samples that the encoder begins early: libopus at 48 kHz. */
const OPUS_PRE_SKIP = 312;

/**
 * @param fromMs where the encoder begins, milliseconds of the epoch
 * @param onMessage an encoder of sound begins a frame early; what is before the stream's beginning is left out
 */
export function encoderOutput({ audio }: Rung, fromMs: number, onMessage: (message: SourceMessage) => void): EncoderOutput {
  return audio?.codec === "opus" ? opusOutput(audio.channels, fromMs, onMessage) : new FlvOutput(onMessage);
}

class FlvOutput implements EncoderOutput {
  private readonly onMessage: (message: SourceMessage) => void;
  private readonly reader = new FlvReader({ maxTagBytes: MAX_TAG_BYTES, onTag: (tag) => this.take(tag) });
  private broken: Malformed | null = null;

  constructor(onMessage: (message: SourceMessage) => void) {
    this.onMessage = onMessage;
  }

  push(bytes: Uint8Array): Malformed | null {
    return this.reader.push(bytes) ?? this.broken;
  }

  private take({ type, timestamp, body }: FlvTag): void {
    if (this.broken || type === TAG_TYPE.script) return;
    const message = type === TAG_TYPE.video ? readVideoTag(timestamp, body) : readAudioTag(timestamp, body);
    if (message instanceof Malformed) this.broken = message;
    else if (message && (message.kind !== "frame" || timestamp < NEGATIVE_MS)) this.onMessage(message);
  }
}

function opusOutput(channels: number, fromMs: number, onMessage: (message: SourceMessage) => void): EncoderOutput {
  const fixed = { compositionOffset: 0, key: true, disposable: false, soundFlags: 0 };
  let broken: Malformed | null = null;
  const reader = new TsReader({
    maxUnitBytes: MAX_TAG_BYTES,
    onStreams: () => onMessage({ kind: "configuration", track: "audio", codec: "Opus", data: opusHead(channels, OPUS_PRE_SKIP) }),
    onUnit: ({ pts, data }) => {
      const packets = readTsOpus(data);
      if (packets instanceof Malformed) broken ??= packets;
      else {
        // The time that is nearest to where the encoder began.
        const wrapped = pts / TICKS_PER_MS;
        let timestamp = wrapped + Math.round((fromMs - wrapped) / WRAP_MS) * WRAP_MS;
        for (const { payload, samples } of packets) {
          if (timestamp >= 0)
            onMessage({ kind: "frame", track: "audio", codec: "Opus", timestamp: Math.round(timestamp), ...fixed, payload });
          timestamp += samples / 48;
        }
      }
    },
  });
  return { push: (bytes) => reader.push(bytes) ?? broken };
}
