/** Plays a stream on an SRT connection: MPEG-TS, in packets of seven. */
import type { Admission } from "../../access/admission.ts";
import type { Served } from "../served-rendition.ts";
import type { Sink, Viewer } from "../streams/index.ts";
import type { SrtDoorEvents } from "./door-options.ts";
import { tsFormat } from "./ts-format.ts";

/** What a viewer sends on. */
export type PlaybackLine = {
  /** False: too much is unacknowledged. */
  readonly send: (payload: Uint8Array) => boolean;
  /** Packets that are not acknowledged. */
  readonly unacknowledged: () => number;
  readonly end: (reason: string) => void;
};

/** Seven packets of MPEG-TS, which fit into an Ethernet frame: draft-sharabayko-srt-01 section 7.1. */
const PAYLOAD_SIZE = 1316;
/** The interval between two writes: SRT sends evenly, and its latency comes on top. */
const BATCH_MS = 40;
/** A viewer with so many unacknowledged packets is too slow: 4 MB. */
const MAX_UNACKNOWLEDGED = 3000;

export class SrtPlayback {
  private readonly served: Served;
  private readonly admission: Admission;
  private readonly line: PlaybackLine;
  private readonly events: SrtDoorEvents;
  private viewer: Viewer | null = null;
  private isBlocked = false;

  /** @param admission given back when playing ends */
  constructor(served: Served, admission: Admission, line: PlaybackLine, events: SrtDoorEvents) {
    this.served = served;
    this.admission = admission;
    this.line = line;
    this.events = events;
  }

  start(): void {
    const { admission, events } = this;
    const { stream, withdrawable } = this.served;
    const begun = performance.now();
    this.viewer = stream.watch(tsFormat(), this.sink(), {
      protocol: "srt",
      batchMs: BATCH_MS,
      isWithdrawable: withdrawable,
      onJoined: () => {
        admission.trace?.joined(stream.trace.publisher);
        events.joined("srt", (performance.now() - begun) / 1000);
      },
    });
    admission.onWithdrawn(({ code }) => {
      if (this.viewer) stream.dismiss(this.viewer, code);
    });
  }

  tick(): void {
    const isBlocked = this.line.unacknowledged() > MAX_UNACKNOWLEDGED;
    if (this.isBlocked && !isBlocked && this.viewer) this.served.stream.resume(this.viewer);
    this.isBlocked = isBlocked;
  }

  /** May be called twice. */
  stop(): void {
    if (this.viewer) this.served.stream.leave(this.viewer);
    this.viewer = null;
    this.admission.close();
  }

  private sink(): Sink {
    const { line } = this;
    const write = (bytes: Uint8Array): void => {
      for (let at = 0; at < bytes.length; at += PAYLOAD_SIZE)
        // It takes nothing any more: the connection ends when its peer is found to be silent.
        if (!line.send(bytes.subarray(at, at + PAYLOAD_SIZE))) return;
    };
    return {
      write,
      writeAll: (pieces) => write(Buffer.concat(pieces)),
      get pending() {
        return Math.max(0, line.unacknowledged() - MAX_UNACKNOWLEDGED) * PAYLOAD_SIZE;
      },
      end: line.end,
      wrap: null,
      connection: () => null,
    };
  }
}
