/**
 * Keeps a candidate filmed: opens camera and screen, asks the server for the keys to publish them, and comes back after cuts. Nothing here stops the
 * candidate from answering. Knows nothing of React.
 */
import type { Publisher, PublisherOptions, PublisherPhase } from "@lectern/publisher";
import { MemberPublisher } from "../../stage/member-publisher.ts";
import {
  CAMERA_LIMITS,
  type Devices,
  KEY_FRAME_SECONDS,
  openCamera,
  openScreen,
  SCREEN_LIMITS,
  videoLimits,
} from "./open-pictures.ts";
import { PictureSource, type SourceState } from "./picture-source.ts";
import type { Streams, StreamsDoor } from "./supervision-types.ts";

export type PictureState = SourceState & {
  /** Of the connection; null: nothing is published. */
  readonly connection: PublisherPhase | null;
};

type SupervisionSnapshot = {
  readonly camera: PictureState;
  readonly screen: PictureState;
  /** Null: no phone is wanted, or it is not known yet. */
  readonly phone: Streams["phone"];
  /** The server wants no picture any more. */
  readonly isOver: boolean;
};

type SupervisionParts = {
  /** Whether the camera is opened at once: the candidate has agreed to it. */
  readonly hasCamera: boolean;
  /** Which stream the camera of this device is: the candidate's, or the phone's beside. */
  readonly cameraAs: "camera" | "phone";
  /** Of a phone's cameras. Default: the one in front. */
  readonly facing?: "user" | "environment";
  readonly door: StreamsDoor;
  readonly devices: Devices;
  readonly createPublisher: (options: PublisherOptions) => Publisher;
  /** `https://HOST` */
  readonly origin: string;
  /** Runs once after a time. Gives what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly random: () => number;
  /** Whether a refusal of the door ends it. */
  readonly isFinal: (error: unknown) => boolean;
};

/** While a picture does not arrive: a key begins to publish within two minutes only, and the phone may have come. */
const ASK_MS = 15_000;
/** Not all at the same moment. */
const SPREAD = 0.3;
const NOTHING: PictureState = { phase: "off", problem: null, stream: null, connection: null };
const KINDS = ["camera", "screen"] as const;

export class SupervisionSession {
  private readonly parts: SupervisionParts;
  private readonly listeners = new Set<() => void>();
  private readonly sources: Readonly<Record<"camera" | "screen", PictureSource>>;
  private readonly publishers: Readonly<Record<"camera" | "screen", MemberPublisher>>;
  private state: SupervisionSnapshot = { camera: NOTHING, screen: NOTHING, phone: null, isOver: false };
  private isClosed = false;
  private isAsking = false;
  private isKnown = false;
  private cancelAsk = (): void => {};
  private readonly cancelRevival: Record<"camera" | "screen", () => void> = { camera: () => {}, screen: () => {} };

  constructor(parts: SupervisionParts) {
    this.parts = parts;
    const { devices, facing } = parts;
    this.sources = {
      camera: this.source("camera", () => openCamera(devices, facing)),
      screen: this.source("screen", () => openScreen(devices)),
    };
    this.publishers = { camera: this.publisher("camera"), screen: this.publisher("screen") };
  }

  readonly snapshot = (): SupervisionSnapshot => this.state;

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    if (this.parts.hasCamera) void this.openCamera();
    void this.ask();
  }

  async openCamera(): Promise<void> {
    await this.sources.camera.open();
  }

  /** Only a press of the candidate opens the browser's choice of screens. */
  async shareScreen(): Promise<void> {
    await this.sources.screen.open();
  }

  /** Nothing is filmed any more. May be called twice. */
  close(): void {
    this.isClosed = true;
    this.cancelAsk();
    for (const kind of KINDS) {
      this.cancelRevival[kind]();
      this.publishers[kind].close();
      this.sources[kind].close();
    }
  }

  private source(kind: "camera" | "screen", open: () => Promise<MediaStream>): PictureSource {
    return new PictureSource({
      kind,
      open,
      after: this.parts.after,
      onChange: (state) => {
        this.set({ [kind]: { ...this.state[kind], ...state } });
        this.publishers[kind].setStream(state.stream, kind === "screen");
      },
    });
  }

  private publisher(kind: "camera" | "screen"): MemberPublisher {
    const { createPublisher, origin, after } = this.parts;
    return new MemberPublisher({
      createPublisher,
      origin,
      after,
      limits: kind === "camera" ? CAMERA_LIMITS : SCREEN_LIMITS,
      keyFrameSeconds: KEY_FRAME_SECONDS,
      onState: (state) => this.changed(kind, state?.phase ?? null),
    });
  }

  private changed(kind: "camera" | "screen", connection: PublisherPhase | null): void {
    const wasLive = this.state[kind].connection === "live";
    this.set({ [kind]: { ...this.state[kind], connection } });
    // The key that it began with has ended meanwhile.
    if (wasLive && connection !== "live") void this.ask();
    if (connection === "refused") this.cancelRevival[kind] = this.parts.after(ASK_MS, () => this.revive(kind));
  }

  /** A refusal that the publisher takes for final, such as too many bits for a moment, ends no supervision: the server says when that is over. */
  private revive(kind: "camera" | "screen"): void {
    const { connection, stream } = this.state[kind];
    if (this.isClosed || connection !== "refused" || !stream) return;
    this.publishers[kind].setStream(null, kind === "screen");
    this.publishers[kind].setStream(stream, kind === "screen");
  }

  private async ask(): Promise<void> {
    if (this.isClosed || this.isAsking) return;
    this.cancelAsk();
    this.isAsking = true;
    try {
      const streams = await this.parts.door();
      this.isKnown = true;
      if (!this.isClosed) this.take(streams);
    } catch (error) {
      if (!this.isClosed && this.parts.isFinal(error)) this.end();
    }
    this.isAsking = false;
    this.askAgain();
  }

  private askAgain(): void {
    if (this.isClosed) return;
    this.cancelAsk = this.parts.after(ASK_MS * (1 + SPREAD * this.parts.random()), () => {
      if (this.isWaiting()) void this.ask();
      else this.askAgain();
    });
  }

  /** Something does not arrive yet, or no more. */
  private isWaiting(): boolean {
    const { phone } = this.state;
    return (
      !this.isKnown || (phone !== null && phone.live === false) || KINDS.some((kind) => this.state[kind].connection !== "live")
    );
  }

  private take({ streams, phone }: Streams): void {
    this.set({ phone });
    for (const kind of KINDS) {
      const asKind = kind === "camera" ? this.parts.cameraAs : kind;
      const key = streams.find((one) => one.kind === asKind) ?? null;
      if (key) this.publishers[kind].setLimits(videoLimits(key.limits));
      this.publishers[kind].setKeys(key && { ...key, expiresAt: 0 });
    }
  }

  private end(): void {
    this.close();
    this.set({ camera: NOTHING, screen: NOTHING, isOver: true });
  }

  private set(changed: Partial<SupervisionSnapshot>): void {
    this.state = { ...this.state, ...changed };
    for (const listener of this.listeners) listener();
  }
}
