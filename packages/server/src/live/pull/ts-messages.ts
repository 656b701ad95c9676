/**
 * Demuxes the MPEG-TS that ffmpeg writes into the messages of an ingest: H.264, HEVC and AAC.
 *
 * MPEG-TS and not FLV, because ffmpeg before 6.1 writes no HEVC into FLV; and not MP4, because that is not begun before all tracks have
 * a frame, and cameras announce sound that never comes.
 */
import { type Malformed, STREAM_TYPE, TsReader, type TsUnit } from "@lectern/media";
import type { SourceMessage } from "../streams/index.ts";
import { UnitMessages } from "../unit-messages.ts";

export type TsMessagesOptions = {
  readonly onMessage: (message: SourceMessage) => void;
  /**
   * A stream cannot be read: pictures, or sound that has delivered something. Sound that is only announced does not matter, since many cameras
   * send none.
   * @param isVideo the program's sound can be read
   */
  readonly onUnknownStream: (isVideo: boolean) => void;
};

/** Sound that is announced comes within this, or not at all. */
const DECIDED_MS = 1000;
const MAX_UNIT_BYTES = 16 * 1024 * 1024;
const KNOWN: ReadonlySet<number> = new Set(Object.values(STREAM_TYPE));

export class TsMessages {
  private readonly options: TsMessagesOptions;
  private readonly reader: TsReader;
  private readonly units = new UnitMessages((message) => this.give(message));
  private types: readonly number[] = [];
  /** While it is open whether announced sound comes, which cannot be read: then everything begins again. */
  private held: SourceMessage[] | null = null;
  private broken: Malformed | null = null;

  constructor(options: TsMessagesOptions) {
    this.options = options;
    this.reader = new TsReader({
      maxUnitBytes: MAX_UNIT_BYTES,
      onStreams: (types) => {
        this.types = types;
        // What is neither of both tracks is the picture: nothing of it is to be published, its sound neither.
        const isUnknown = types.some((type) => !KNOWN.has(type));
        if (isUnknown && types.includes(STREAM_TYPE.aac)) options.onUnknownStream(true);
        else if (isUnknown) this.held = [];
      },
      onUnit: (unit) => this.take(unit),
    });
  }

  /** Reads bytes. After `Malformed` nothing more can be read. */
  push(bytes: Uint8Array): Malformed | null {
    this.broken ??= this.reader.push(bytes);
    return this.broken;
  }

  /** Gives the frames that no other one follows. */
  end(): void {
    if (this.broken) return;
    this.reader.end();
    this.release();
  }

  private give(message: SourceMessage): void {
    if (!this.held) return this.options.onMessage(message);
    this.held.push(message);
    const first = this.held.find((other) => other.kind === "frame");
    if (message.kind === "frame" && first?.kind === "frame" && ((message.timestamp - first.timestamp) | 0) >= DECIDED_MS)
      this.release();
  }

  private release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const message of held) this.options.onMessage(message);
  }

  private take(unit: TsUnit): void {
    if (this.broken) return;
    if (!KNOWN.has(unit.streamType)) return this.options.onUnknownStream(this.types.includes(STREAM_TYPE.aac));
    this.broken = this.units.take(unit);
  }
}
