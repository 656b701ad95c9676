/** Writes entries at the head of a log, each at the next position. Frames are written by the log itself (`appendFrame`). */
import type { AmfObject } from "@lectern/media";
import type { Log } from "../log/log.ts";
import type { LogPosition, PartMark, SegmentHead, Targets } from "../log/log-entry.ts";
import { completeMetadata } from "./metadata.ts";
import type { TrackSetup, TrackSetups } from "./track-setup.ts";

/** AMF0 messages that a publisher sends beside its media. */
const DATA_CODEC = "amf0";

export class EntryWriter {
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  /** Begins a term that was claimed. */
  term(targets: Targets | null): void {
    const { log } = this;
    const end = log.head === 0 ? null : log.newest;
    const previousEnd = end && { term: end.term, sequence: end.sequence };
    log.append({ ...this.position(), kind: "term", epoch: log.epoch, previousEnd, targets });
  }

  /** @param time milliseconds of the epoch */
  configuration(setup: TrackSetup, time: number): void {
    const position = this.position();
    const { codec, data } = setup;
    this.log.append(
      setup.track === "video"
        ? { ...position, kind: "configuration", track: setup.track, time, codec, data, format: setup.format }
        : { ...position, kind: "configuration", track: setup.track, time, codec, data, format: setup.format },
    );
  }

  /** A publisher's metadata, completed for the tracks that there are. */
  metadata(properties: AmfObject, { video, audio }: TrackSetups, time: number): void {
    const completed = completeMetadata(properties, video, audio);
    this.log.append({ ...this.position(), kind: "configuration", track: "metadata", time, properties: completed });
  }

  /** Metadata of a publisher of whose media nothing could be written; null: they are over. */
  foretell(properties: AmfObject | null): void {
    const position = this.position();
    this.log.foretell(properties && { ...position, kind: "configuration", track: "metadata", time: 0, properties });
  }

  head(head: Omit<SegmentHead, "kind" | keyof LogPosition>): void {
    this.log.append({ ...this.position(), kind: "segment", ...head });
  }

  part(part: Omit<PartMark, "kind" | keyof LogPosition>): void {
    this.log.append({ ...this.position(), kind: "part", ...part });
  }

  /** An AMF0 message. */
  data(payload: Uint8Array, time: number): void {
    const flags = { compositionOffset: 0, key: false, disposable: false, soundFlags: 0 };
    this.log.append({ ...this.position(), kind: "media", track: "data", codec: DATA_CODEC, decodeTime: time, ...flags, payload });
  }

  /** Ends the epoch. */
  end(reason: string): void {
    this.log.append({ ...this.position(), kind: "end", reason });
  }

  private position(): LogPosition {
    return { term: this.log.term, sequence: this.log.head };
  }
}
