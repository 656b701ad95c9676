/**
 * Provides a publisher that stands by: a backup, until the main publisher is silent; or a main publisher that comes back while its backup is live,
 * until it is steady. Its frames are not written meanwhile. Those since its last key frame are kept, so that the switch is at a key frame and does
 * not wait for one.
 */
import type { Malformed } from "@lectern/media";
import type { Clock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import type { SourceFrame, SourceMessage } from "../ingest/source.ts";
import type { Publication } from "./publication.ts";
import type { PublishRequest, PublishSession, SourceInfo } from "./publish-session.ts";
import type { ClaimOptions, Occupancy } from "./stream-locator.ts";

/** backup: takes over when no other publisher lives. returning: takes the stream back from a backup. */
export type StandbyRole = "backup" | "returning";

export type StandbyCalls = {
  readonly occupancy: (silentMs: number) => Promise<Occupancy>;
  readonly claim: (options: ClaimOptions, onRevoked: (reason: string) => void) => Promise<Publication | Refusal>;
};

const POLL_MS = 150;
/** Where another publisher stands by, a publisher that is silent for so long counts as lost. */
const SILENT_MS = 500;
/** A main publisher that comes back has to be steady for so long. */
const STEADY_MS = 2000;
const MAX_BYTES = 8 * 1024 * 1024;
/** Audio frames that are kept where there is no video. */
const MAX_AUDIO_FRAMES = 50;

export class StandbyPublisher implements PublishSession {
  readonly stream: { readonly app: string; readonly name: string };
  readonly source: SourceInfo;
  private readonly request: PublishRequest;
  private readonly role: StandbyRole;
  private readonly clock: Clock;
  private readonly calls: StandbyCalls;
  private readonly configurations = new Map<string, SourceMessage>();
  private frames: SourceFrame[] = [];
  private frameBytes = 0;
  private hasVideo = false;
  private steadySince: number | null = null;
  private lastPush = 0;
  private publication: Publication | null = null;
  private claiming = false;
  private open = true;
  private cancel: (() => void) | null = null;

  constructor(request: PublishRequest, role: StandbyRole, clock: Clock, calls: StandbyCalls) {
    this.request = request;
    this.role = role;
    this.clock = clock;
    this.calls = calls;
    this.stream = { app: request.app, name: request.name };
    this.source = request.source;
    this.poll();
  }

  get closed(): boolean {
    return !this.open;
  }

  /** One that stands by is to be as new as it can, for the moment when it takes over. */
  get mayWaitMs(): number {
    return this.publication?.mayWaitMs ?? 0;
  }

  heard(now: number): void {
    this.publication?.heard(now);
  }

  push(message: SourceMessage): Malformed | null {
    if (this.publication) return this.publication.push(message);
    const now = this.clock.monotonic();
    if (now - this.lastPush > SILENT_MS) this.steadySince = now;
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
    this.request.onRevoked(reason);
  }

  private keep(message: SourceMessage): void {
    if (message.kind === "metadata") this.configurations.set("metadata", message);
    else if (message.kind === "configuration") {
      this.configurations.set(message.track, { ...message, data: Uint8Array.from(message.data) });
      if (message.track === "video") this.hasVideo = true;
    }
    if (message.kind !== "frame") return;
    if (message.track === "video") this.hasVideo = true;
    // Of a key frame whose parts are messages of their own, each is marked as one.
    const isPart = this.frames[0]?.track === "video" && this.frames[0].timestamp === message.timestamp;
    const beginsGop = message.track === "video" && message.key && !isPart;
    if (beginsGop || this.frameBytes > MAX_BYTES) this.forgetFrames();
    // After a GOP that was too large to be kept, nothing can be decoded before the next one.
    if (this.hasVideo && !beginsGop && this.frames.length === 0) return;
    if (!this.hasVideo && this.frames.length >= MAX_AUDIO_FRAMES) this.frames.shift();
    this.frames.push({ ...message, payload: Uint8Array.from(message.payload) });
    this.frameBytes += message.payload.length;
  }

  private forgetFrames(): void {
    this.frames = [];
    this.frameBytes = 0;
  }

  private poll(): void {
    if (!this.open) return;
    this.cancel = this.clock.after(POLL_MS, () => this.poll());
    if (this.publication || this.claiming || this.frames.length === 0) return;
    this.claiming = true;
    this.tryToClaim()
      // The registry is unreachable; the next poll asks again.
      .catch(() => {})
      .finally(() => {
        this.claiming = false;
      });
  }

  private async tryToClaim(): Promise<void> {
    const { role } = this;
    const found = await this.calls.occupancy(SILENT_MS);
    if (role === "returning" && found === "main") return this.leave("superseded");
    const isSteady = this.steadySince !== null && this.clock.monotonic() - this.steadySince >= STEADY_MS;
    const isWanted = found === "free" || (role === "returning" && found === "backup" && isSteady);
    if (!isWanted || !this.open) return;
    const options: ClaimOptions = { silentMs: SILENT_MS, preempt: role === "returning", backup: role === "backup" };
    const publication = await this.calls.claim(options, (reason) => this.revoked(reason));
    if (publication instanceof Refusal) return;
    if (!this.open) return publication.close();
    this.publication = publication;
    for (const message of [...this.configurations.values(), ...this.frames]) publication.push(message);
    this.forgetFrames();
  }

  /** A backup whose stream is superseded stands by again; all others leave. */
  private revoked(reason: string): void {
    this.publication = null;
    this.steadySince = null;
    if (this.role !== "backup" || reason !== "superseded") this.leave(reason);
  }
}
