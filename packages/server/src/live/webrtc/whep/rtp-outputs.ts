/** Provides the RTP outputs of a process: one for each track of a stream that somebody watches by WebRTC, shared by all who do. */
import type { Clock } from "../../../platform/clock.ts";
import type { Stream } from "../../streams/index.ts";
import { RtpOutput } from "./rtp-output.ts";

export type RtpLease = {
  readonly output: RtpOutput;
  /** May be called twice. */
  readonly release: () => void;
};

type Track = RtpOutput["track"];
type SharedOutput = { readonly output: RtpOutput; users: number; cancelClose: (() => void) | null };

/** An output stays for so long without viewers, since the next one is often about to come. */
const IDLE_MS = 5000;

export class RtpOutputs {
  private readonly clock: Clock;
  private readonly held = new Map<Stream, Map<Track, SharedOutput>>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  lease(stream: Stream, track: Track): RtpLease {
    const tracks = this.held.get(stream) ?? new Map<Track, SharedOutput>();
    this.held.set(stream, tracks);
    const held: SharedOutput = tracks.get(track) ?? { output: new RtpOutput(stream, track), users: 0, cancelClose: null };
    tracks.set(track, held);
    held.cancelClose?.();
    held.cancelClose = null;
    held.users++;
    let using = true;
    const release = (): void => {
      if (!using) return;
      using = false;
      held.users--;
      if (held.users === 0) held.cancelClose = this.clock.after(IDLE_MS, () => this.close(stream, track));
    };
    return { output: held.output, release };
  }

  closeAll(): void {
    for (const [stream, tracks] of [...this.held]) for (const track of [...tracks.keys()]) this.close(stream, track);
  }

  private close(stream: Stream, track: Track): void {
    const tracks = this.held.get(stream);
    const held = tracks?.get(track);
    held?.cancelClose?.();
    held?.output.close();
    tracks?.delete(track);
    if (tracks?.size === 0) this.held.delete(stream);
  }
}
