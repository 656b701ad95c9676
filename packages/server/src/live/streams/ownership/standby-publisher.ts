/**
 * A publisher that waits: a backup, until the main one is silent; or a main one that comes back while its backup is live, until it has been
 * steady for a while. It is not stamped meanwhile. What it has sent since its last key frame is kept, so that the switch is at a key frame and
 * needs no waiting for one.
 */
import type { Malformed } from "@lectern/media";
import type { Clock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import type { SourceFrame, SourceMessage } from "../ingest/source.ts";
import type { Publication, Publisher, SourceInfo } from "../stream.ts";
import type { ClaimOptions, Occupancy } from "./stream-locator.ts";

/** backup: takes over when nobody else is heard. returning: takes the stream back from a backup. */
export type StandbyRole = "backup" | "returning";

export type StandbyOptions = {
  readonly app: string;
  readonly name: string;
  readonly source: SourceInfo;
  readonly role: StandbyRole;
  readonly clock: Clock;
  readonly occupancy: (silentMs: number) => Promise<Occupancy>;
  readonly publish: (manner: ClaimOptions, onRevoked: (reason: string) => void) => Promise<Publication | Refusal>;
  /** Another main publisher has the stream: this one is not needed. */
  readonly onRevoked: (reason: string) => void;
};

const LOOK_MS = 150;
/** A publisher that was not heard for so long is taken for lost where another one waits. */
const SILENT_MS = 500;
/** A main publisher that comes back has to be steady for so long. */
const STEADY_MS = 2000;
const MOST_BYTES = 8 * 1024 * 1024;
/** Where there is no picture, so much of the sound is kept. */
const MOST_SOUND = 50;

export class StandbyPublisher implements Publisher {
  readonly stream: { readonly app: string; readonly name: string };
  readonly source: SourceInfo;
  private readonly options: StandbyOptions;
  private readonly set = new Map<string, SourceMessage>();
  private held: SourceFrame[] = [];
  private heldBytes = 0;
  private hasVideo = false;
  private since: number | null = null;
  private lastPush = 0;
  private publication: Publication | null = null;
  private taking = false;
  private open = true;
  private cancel: (() => void) | null = null;

  constructor(options: StandbyOptions) {
    this.options = options;
    this.stream = { app: options.app, name: options.name };
    this.source = options.source;
    this.look();
  }

  get closed(): boolean {
    return !this.open;
  }

  heard(now: number): void {
    this.publication?.heard(now);
  }

  push(message: SourceMessage): Malformed | null {
    if (this.publication) return this.publication.push(message);
    const now = this.options.clock.monotonic();
    if (now - this.lastPush > SILENT_MS) this.since = now;
    this.lastPush = now;
    this.keep(message);
    return null;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.cancel?.();
    this.publication?.close();
  }

  end(reason: string): void {
    if (this.publication) this.publication.end(reason);
    else this.leave(reason);
  }

  private leave(reason: string): void {
    if (!this.open) return;
    this.close();
    this.options.onRevoked(reason);
  }

  private keep(message: SourceMessage): void {
    if (message.kind === "metadata") this.set.set("metadata", message);
    else if (message.kind === "configuration") {
      this.set.set(message.track, { ...message, data: Uint8Array.from(message.data) });
      if (message.track === "video") this.hasVideo = true;
    }
    if (message.kind !== "frame") return;
    if (message.track === "video") this.hasVideo = true;
    const begins = message.track === "video" && message.key;
    if (begins || this.heldBytes > MOST_BYTES) this.forget();
    // Behind a group of pictures that was too large to be kept, nothing is of use before the next one.
    if (this.hasVideo && !begins && this.held.length === 0) return;
    if (!this.hasVideo && this.held.length >= MOST_SOUND) this.held.shift();
    this.held.push({ ...message, payload: Uint8Array.from(message.payload) });
    this.heldBytes += message.payload.length;
  }

  private forget(): void {
    this.held = [];
    this.heldBytes = 0;
  }

  private look(): void {
    if (!this.open) return;
    this.cancel = this.options.clock.after(LOOK_MS, () => this.look());
    if (this.publication || this.taking || this.held.length === 0) return;
    this.taking = true;
    this.tryToTake()
      // Nobody can be asked at present; it is looked again.
      .catch(() => {})
      .finally(() => {
        this.taking = false;
      });
  }

  private async tryToTake(): Promise<void> {
    const { role, clock, occupancy, publish } = this.options;
    const found = await occupancy(SILENT_MS);
    if (role === "returning" && found === "main") return this.leave("superseded");
    const isSteady = this.since !== null && clock.monotonic() - this.since >= STEADY_MS;
    const isWanted = found === "free" || (role === "returning" && found === "backup" && isSteady);
    if (!isWanted || !this.open) return;
    const manner: ClaimOptions = { silentMs: SILENT_MS, preempt: role === "returning", backup: role === "backup" };
    const publication = await publish(manner, (reason) => this.revoked(reason));
    if (publication instanceof Refusal) return;
    if (!this.open) return publication.close();
    this.publication = publication;
    for (const message of [...this.set.values(), ...this.held]) publication.push(message);
    this.forget();
  }

  /** A backup that has to let go of the stream waits again; others go. */
  private revoked(reason: string): void {
    this.publication = null;
    this.since = null;
    if (this.options.role !== "backup" || reason !== "superseded") this.leave(reason);
  }
}
