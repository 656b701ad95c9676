/** Encodes the sound: as AAC where the browser can, which every viewer takes as it is; else as Opus. */
import { opusHead, type SoundCodec } from "./flv-tags.ts";
import { SampleTimeline } from "./sample-timeline.ts";

export type SoundEncoderEvents = {
  /** The decoder's configuration has changed. */
  readonly onSetup: (codec: SoundCodec, data: Uint8Array) => void;
  /** @param time milliseconds of the publisher's clock */
  readonly onPacket: (codec: SoundCodec, data: Uint8Array, time: number) => void;
};

export const SOUND_KBPS = 96;
const MAX_PENDING = 50;
const MAX_FAILURES = 5;
const AAC_FRAME = 1024;
const OPUS_FRAME_MS = 20;
/** AAC low complexity, Opus: RFC 6381 section 3.3, and the registry of WebCodecs. */
const CODECS = { aac: "mp4a.40.2", opus: "opus" } as const;

type Format = { readonly sampleRate: number; readonly channels: number };
type Open = {
  readonly encoder: AudioEncoder;
  readonly codec: SoundCodec;
  readonly format: Format;
  readonly timeline: SampleTimeline;
};

export class SoundEncoder {
  private readonly events: SoundEncoderEvents;
  private open: Open | null = null;
  private isOpening = false;
  private isMuted = false;
  private isOver = false;
  private failures = 0;
  private loudness = 0;
  private planes = new Float32Array(0);

  constructor(events: SoundEncoderEvents) {
    this.events = events;
  }

  /** Root mean square of the newest samples, 0 to 1: those that are sent. */
  get level(): number {
    return this.loudness;
  }

  /** A muted microphone is silent. */
  mute(isMuted: boolean): void {
    this.isMuted = isMuted;
  }

  /** Encodes samples, and closes them. @param time of the first of them, milliseconds of the publisher's clock */
  encode(data: AudioData, time: number): void {
    try {
      if (!this.isOver) this.take(data, time);
    } catch {
      this.fail();
    } finally {
      data.close();
    }
  }

  /** May be called twice. */
  close(): void {
    this.isOver = true;
    this.forget();
  }

  private take(data: AudioData, time: number): void {
    const format = { sampleRate: data.sampleRate, channels: Math.min(2, data.numberOfChannels) };
    const { open } = this;
    if (!open || open.format.sampleRate !== format.sampleRate || open.format.channels !== format.channels) {
      this.begin(format);
      return;
    }
    if (open.encoder.state !== "configured" || open.encoder.encodeQueueSize > MAX_PENDING) return;
    const frames = data.numberOfFrames;
    open.timeline.take(time, (frames * 1000) / format.sampleRate);
    const sound = this.samplesOf(data, format);
    open.encoder.encode(sound);
    sound.close();
  }

  /** The first two channels, or silence. */
  private samplesOf(data: AudioData, { sampleRate, channels }: Format): AudioData {
    const frames = data.numberOfFrames;
    if (this.planes.length !== frames * channels) this.planes = new Float32Array(frames * channels);
    const { planes } = this;
    let sum = 0;
    for (let plane = 0; plane < channels; plane++) {
      const one = planes.subarray(plane * frames, (plane + 1) * frames);
      if (this.isMuted) one.fill(0);
      else data.copyTo(one, { planeIndex: plane, format: "f32-planar" });
      for (const sample of one) sum += sample * sample;
    }
    this.loudness = Math.sqrt(sum / Math.max(1, planes.length));
    const fields = { sampleRate, numberOfFrames: frames, numberOfChannels: channels, timestamp: data.timestamp };
    return new AudioData({ format: "f32-planar", data: planes, ...fields });
  }

  private begin(format: Format): void {
    if (this.isOpening) return;
    this.isOpening = true;
    this.forget();
    void supported(format)
      .then((codec) => {
        if (this.isOver || !codec) return this.close();
        const timeline = new SampleTimeline();
        const encoder = new AudioEncoder({
          output: (chunk, metadata) => this.give(chunk, metadata),
          error: () => this.fail(),
        });
        encoder.configure(configOf(codec, format));
        this.open = { encoder, codec, format, timeline };
      })
      .catch(() => this.fail())
      .finally(() => {
        this.isOpening = false;
      });
  }

  private give(chunk: EncodedAudioChunk, metadata: EncodedAudioChunkMetadata | undefined): void {
    const { open } = this;
    if (this.isOver || !open) return;
    const { codec, format, timeline } = open;
    const description = metadata?.decoderConfig?.description;
    if (description) this.events.onSetup(codec, bytesOf(description));
    else if (metadata?.decoderConfig && codec === "opus") this.events.onSetup(codec, opusHead(format.channels, format.sampleRate));
    const data = new Uint8Array(chunk.byteLength);
    chunk.copyTo(data);
    const usualMs = codec === "aac" ? (AAC_FRAME * 1000) / format.sampleRate : OPUS_FRAME_MS;
    this.events.onPacket(codec, data, timeline.give(chunk.duration === null ? usualMs : chunk.duration / 1000));
  }

  private fail(): void {
    this.forget();
    if (++this.failures > MAX_FAILURES) this.close();
  }

  private forget(): void {
    if (this.open && this.open.encoder.state !== "closed") this.open.encoder.close();
    this.open = null;
  }
}

async function supported(format: Format): Promise<SoundCodec | null> {
  for (const codec of ["aac", "opus"] as const) {
    const answer = await AudioEncoder.isConfigSupported(configOf(codec, format)).catch(() => null);
    if (answer?.supported) return codec;
  }
  return null;
}

function configOf(codec: SoundCodec, { sampleRate, channels }: Format): AudioEncoderConfig {
  return { codec: CODECS[codec], sampleRate, numberOfChannels: channels, bitrate: SOUND_KBPS * 1000 };
}

function bytesOf(data: AllowSharedBufferSource): Uint8Array {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return new Uint8Array(data).slice();
}
