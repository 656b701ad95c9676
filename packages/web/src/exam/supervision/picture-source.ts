/**
 * Keeps a source of pictures open, such as a camera: opens it, and opens it again by itself when it ends or was not there. A screen is opened by the
 * candidate alone, because browsers ask each time. Knows nothing of React and of the server.
 */
import { type DeviceProblem, deviceProblem } from "../../studio/publish/devices/device-problem.ts";

/** - `off`: not opened yet. - `opening`: the browser asks the candidate. - `on`. - `stopped`: it did not open, or has ended; `problem` says why. */
export type SourceState = {
  readonly phase: "off" | "opening" | "on" | "stopped";
  /** Null also where it has ended by itself, or the candidate has ended it. */
  readonly problem: DeviceProblem | null;
  /** While it is on. */
  readonly stream: MediaStream | null;
};

type SourceParts = {
  readonly kind: "camera" | "screen";
  readonly open: () => Promise<MediaStream>;
  /** Runs once after a time. Gives what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly onChange: (state: SourceState) => void;
};

const REOPEN_MS = 4000;
const OFF: SourceState = { phase: "off", problem: null, stream: null };

export class PictureSource {
  private readonly parts: SourceParts;
  private current = OFF;
  private isClosed = false;
  private cancelRetry = (): void => {};

  constructor(parts: SourceParts) {
    this.parts = parts;
  }

  get state(): SourceState {
    return this.current;
  }

  /** The browser may ask the candidate. Does nothing while it is on. */
  async open(): Promise<void> {
    if (this.isClosed || this.current.phase === "on" || this.current.phase === "opening") return;
    this.cancelRetry();
    this.set({ phase: "opening", problem: this.current.problem, stream: null });
    try {
      const stream = await this.parts.open();
      if (this.isClosed) return stopAll(stream);
      for (const track of stream.getTracks()) track.addEventListener("ended", () => this.ended(stream, track));
      this.set({ phase: "on", problem: null, stream });
    } catch (error) {
      this.stopped(deviceProblem(error, this.parts.kind === "screen" ? "screen" : "device"));
    }
  }

  /** May be called twice. */
  close(): void {
    this.isClosed = true;
    this.cancelRetry();
    if (this.current.stream) stopAll(this.current.stream);
    this.current = OFF;
  }

  private ended(stream: MediaStream, track: MediaStreamTrack): void {
    // A microphone that is pulled out does not end the picture.
    if (this.isClosed || this.current.stream !== stream || track.kind !== "video") return;
    stopAll(stream);
    this.stopped(null);
  }

  private stopped(problem: DeviceProblem | null): void {
    if (this.isClosed) return;
    this.set({ phase: "stopped", problem, stream: null });
    // Who has refused would be asked again and again by some browsers.
    if (this.parts.kind === "screen" || problem === "denied" || problem === "insecure" || problem === "unsupported") return;
    this.cancelRetry = this.parts.after(REOPEN_MS, () => void this.open());
  }

  private set(state: SourceState): void {
    this.current = state;
    this.parts.onChange(state);
  }
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
