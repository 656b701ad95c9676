/** Makes the messages of an ingest of the units that a transport or a program stream carries: access units of H.264 and HEVC, and AAC. */
import { AUDIO_CODEC, Malformed, STREAM_TYPE, splitAdts, splitAnnexB, type TsUnit, VIDEO_CODEC } from "@lectern/media";
import { aacTicks } from "./aac-ticks.ts";
import type { SourceMessage } from "./streams/index.ts";
import { UnitWriter } from "./unit-writer.ts";

export class UnitMessages {
  private readonly writer: UnitWriter;

  constructor(onMessage: (message: SourceMessage) => void) {
    this.writer = new UnitWriter(onMessage);
  }

  /** @param unit of a stream type that is in `STREAM_TYPE` */
  take({ streamType, pts, dts, isRandomAccess, data }: Omit<TsUnit, "stream">): Malformed | null {
    const time = this.unwrapped(dts);
    if (streamType === STREAM_TYPE.aac) return this.takeSound(data, time);
    if (streamType !== STREAM_TYPE.h264 && streamType !== STREAM_TYPE.hevc) return null;
    const codec = streamType === STREAM_TYPE.h264 ? VIDEO_CODEC.h264 : VIDEO_CODEC.hevc;
    return this.writer.picture({ codec, nals: splitAnnexB(data), isKey: isRandomAccess, time, later: pts - dts });
  }

  /** @returns ticks that go on */
  unwrapped(ticks: number): number {
    return this.writer.unwrapped(ticks);
  }

  private takeSound(data: Uint8Array, time: number): Malformed | null {
    const frames = splitAdts(data);
    if (frames instanceof Malformed) return frames;
    for (const [i, { configuration, payload }] of frames.entries())
      this.writer.sound(AUDIO_CODEC.aac, configuration, payload, time + i * aacTicks(configuration));
    return null;
  }
}
