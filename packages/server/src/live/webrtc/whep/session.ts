/**
 * Provides one WHEP session (WebRTC-HTTP Egress Protocol): the connection of a viewer, the streams that it is sent, and the rung that its connection
 * carries.
 *
 *     streams ─▶ RtpOutput (once for all viewers) ─▶ TrackSender (a position) ─▶ Peer (encrypted) ─▶ viewer
 *                                                          ▲ RungChoice ◀─ RTCP ◀─────────┘
 */
import type { Clock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import type { Stream } from "../../streams/index.ts";
import type { PacketPacer } from "./packet-pacer.ts";
import { CLOCK_RATE } from "./rtp-output.ts";
import type { RtpLease, RtpOutputs } from "./rtp-outputs.ts";
import type { RtpTransport } from "./rtp-transport.ts";
import { type Rung, RungChoice } from "./rung-choice.ts";
import { type WatchedStreams, watchedNames } from "./sources.ts";
import { TrackSender } from "./track-sender.ts";
import { WhepViewer } from "./viewer.ts";
import { type WatchedMedia, type WatchedMedium, writeSendTime } from "./watched-media.ts";

/** What sends the viewer's packets: see `Peer`. */
export type Connection = {
  readonly send: (bytes: Uint8Array) => boolean;
  readonly close: () => void;
};

export type WhepSessionParts = {
  readonly clock: Clock;
  readonly pacer: PacketPacer;
  readonly outputs: RtpOutputs;
  /** The smaller versions of a stream, the largest first, by their whole names. */
  readonly rungsOf: (stream: Stream) => readonly Rung[];
  readonly find: (app: string, name: string) => Promise<Stream | Refusal>;
  /** The viewer has asked for a picture, whether there is one or not. */
  readonly wantsVideo: boolean;
  /** 32 random bits. */
  readonly random: () => number;
};

export type WhepSessionEvents = {
  readonly joined: () => void;
  readonly sent: (bytes: number) => void;
  readonly skipped: () => void;
  /** It is over: what belongs to it is given back. Called once. */
  readonly ended: (reason: string) => void;
};

const TICK_MS = 1000;
/** Ticks between two sender reports, once the viewer has put sound and picture together. */
const REPORT_TICKS = 3;
const FIRST_REPORTS = 5;
/** A rung without a key frame for so long is given up. */
const MOVE_WITHIN_MS = 8000;
/** A rung that could not be had is not asked for again for so long. */
const RUNG_AGAIN_MS = 30_000;
/** Sound that could not be had is asked for again after so long. */
const SOUND_AGAIN_MS = 5000;

/** The picture of a rung that the viewer is to be moved to, and since when. */
type Coming = { readonly name: string; readonly lease: RtpLease; readonly since: number };

export class WhepSession {
  /** The stream that was asked for. */
  readonly watched: Stream;
  private readonly parts: WhepSessionParts;
  private readonly events: WhepSessionEvents;
  private readonly connection: Connection;
  private readonly base: WatchedStreams;
  private readonly viewer: WhepViewer;
  private readonly choice = new RungChoice();
  private readonly sendTime: Uint8Array | null;
  private readonly leave: () => void;
  private readonly listening = new Map<RtpLease, () => void>();
  private readonly refusedUntil = new Map<string, number>();
  private picture: RtpLease | null = null;
  private sound: RtpLease | null = null;
  /** What the sound comes from; null before it is there. */
  private heard: Stream | null;
  private readonly hasSound: boolean;
  private isAskingForSound = false;
  private soundAskedAt = Number.NEGATIVE_INFINITY;
  private isConnected = false;
  private coming: Coming | null = null;
  private isAsking = false;
  private ticks = 0;
  private epoch: number | null = null;
  private sentBytes = 0;
  /** Of the picture itself, when it was last sent; 0 before it was measured. */
  private baseKbps = 0;
  private cancelTick: () => void;
  private over = false;

  constructor(
    watched: Stream,
    base: WatchedStreams,
    media: WatchedMedia,
    connection: Connection,
    parts: WhepSessionParts,
    events: WhepSessionEvents,
  ) {
    this.watched = watched;
    this.base = base;
    this.heard = base.audio;
    this.hasSound = media.audio !== null;
    this.connection = connection;
    this.parts = parts;
    this.events = events;
    const { clock } = parts;
    this.sendTime = media.video?.sendTime ?? null;
    this.viewer = new WhepViewer(
      { monotonic: clock.monotonic, utc: clock.utc, sendRtcp: (bytes) => connection.send(bytes) },
      {
        joined: () => this.joined(),
        wantsKeyFrame: () => this.shown?.wantKeyFrame(),
        skipped: events.skipped,
        sent: (bytes) => {
          this.sentBytes += bytes;
        },
        moved: (line) => this.moved(line),
      },
      media.video?.sender.transportSequenceId !== null && media.video !== null,
    );
    this.viewer.setTracks(this.track(media.video, "video"), this.track(media.audio, "audio"));
    this.leave = watched.join({ protocol: "whep", onEnd: (reason) => this.close(reason) });
    this.cancelTick = clock.after(TICK_MS, () => this.tick());
  }

  /** The connection can carry packets. */
  connected(): void {
    if (this.over) return;
    const { video } = this.base;
    this.isConnected = true;
    this.viewer.open();
    if (this.heard) this.play(this.heard);
    else void this.findSound();
    if (video) {
      this.picture = this.lease(video, "video");
      this.viewer.showVideo(this.picture.output.line);
    }
    this.wake();
  }

  /** Connected again: what was sent meanwhile is lost. */
  reconnected(): void {
    if (this.over) return;
    this.viewer.refresh();
    this.report();
    this.wake();
  }

  /** A packet of the viewer, which only sends RTCP. */
  received(bytes: Uint8Array): void {
    if (this.over) return;
    this.viewer.takeRtcp(bytes);
    this.wake();
  }

  /** Ends the session. May be called twice. @param reason for the log, such as the code of a refusal */
  close(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.cancelTick();
    this.parts.pacer.remove(this.turn);
    this.viewer.sayGoodbye();
    for (const lease of [...this.listening.keys()]) this.give(lease);
    this.leave();
    this.connection.close();
    this.flushCounts();
    this.events.ended(reason);
  }

  private readonly turn = {
    sendSome: (now: number) => {
      if (this.sendTime) writeSendTime(this.sendTime, this.parts.clock.utc());
      return this.viewer.sendSome(now);
    },
  };

  /** The stream whose picture is sent now. */
  private get shown(): Stream | null {
    return this.picture?.output.stream ?? null;
  }

  private track(medium: WatchedMedium | null, kind: "video" | "audio"): TrackSender | null {
    const { random } = this.parts;
    const send = (packet: Uint8Array) => this.connection.send(packet);
    return medium && new TrackSender(medium.sender, CLOCK_RATE[kind], this.viewer.transport, send, random());
  }

  private lease(stream: Stream, track: "video" | "audio"): RtpLease {
    const lease = this.parts.outputs.lease(stream, track);
    this.listening.set(
      lease,
      lease.output.onUnits(() => this.wake()),
    );
    return lease;
  }

  private play(audio: Stream): void {
    this.sound = this.lease(audio, "audio");
    this.viewer.playSound(this.sound.output.line);
    // The player puts it together with the picture by the reports.
    this.ticks = 0;
  }

  /** Sound is made from the publisher's where browsers do not take that, and may come after the picture, or again. */
  private async findSound(): Promise<void> {
    const { find, clock } = this.parts;
    const { audio } = watchedNames(this.watched);
    const now = clock.monotonic();
    if (!this.hasSound || audio === null || this.isAskingForSound || now - this.soundAskedAt < SOUND_AGAIN_MS) return;
    this.isAskingForSound = true;
    this.soundAskedAt = now;
    const found = audio === this.watched.name ? this.watched : await find(this.watched.app, audio).catch(() => null);
    this.isAskingForSound = false;
    if (this.over || found === null || found instanceof Refusal || found.ended) return;
    this.heard = found;
    this.play(found);
    this.wake();
  }

  /** Sound whose encoder was given up is asked for again: the picture goes on meanwhile. */
  private followSound(): void {
    if (this.heard?.ended && this.heard !== this.watched && this.picture) {
      if (this.sound) this.give(this.sound);
      this.sound = null;
      this.heard = null;
    }
    if (!this.heard) void this.findSound();
  }

  private give(lease: RtpLease): void {
    this.listening.get(lease)?.();
    this.listening.delete(lease);
    lease.release();
  }

  private wake(): void {
    if (!this.over) this.parts.pacer.wake(this.turn);
  }

  private joined(): void {
    this.events.joined();
    this.report();
  }

  private tick(): void {
    const { clock } = this.parts;
    this.cancelTick = clock.after(TICK_MS, () => this.tick());
    this.ticks++;
    // A viewer to whom nothing comes takes its way for broken: it hears that only the publisher is silent.
    const isSilent = this.sentBytes === 0;
    this.flushCounts();
    if (this.isConnected) this.followSound();
    if (isSilent || this.ticks <= FIRST_REPORTS || this.ticks % REPORT_TICKS === 0) this.report();
    if (this.isVideoNew() || (this.picture && this.hasChanged())) return this.close("media-changed");
    if (!this.picture) return;
    this.chooseRung(clock.monotonic());
    this.wake();
  }

  /** Of a person who spoke without a camera, for a viewer who would see them: the viewer begins again. */
  private isVideoNew(): boolean {
    return this.parts.wantsVideo && this.base.video === null && watchedNames(this.watched).video !== null;
  }

  /** The stream cannot be watched as it was any more: the viewer begins again. */
  private hasChanged(): boolean {
    const { video, audio } = watchedNames(this.watched);
    const { heard } = this;
    const is = (name: string | null, stream: Stream | null) => name === null || stream === null || stream.name === name;
    const isGone = (stream: Stream | null) => stream !== null && stream !== this.watched && stream.ended;
    return !is(video, this.base.video) || !is(audio, heard) || isGone(this.base.video) || isGone(heard);
  }

  private flushCounts(): void {
    if (this.sentBytes > 0) this.events.sent(this.sentBytes);
    this.sentBytes = 0;
  }

  /** The real time of the stream's epoch is taken once: sound and picture, and every rung, are put together by it. */
  private report(): void {
    const { clock } = this.parts;
    const line = (this.picture ?? this.sound)?.output.line;
    const newest = line?.newest;
    if (line && newest) this.epoch ??= clock.utc() - (newest.ticks / line.clockRate) * 1000;
    if (this.epoch !== null) this.viewer.report(this.epoch);
  }

  private chooseRung(now: number): void {
    const { base, picture, coming, viewer } = this;
    if (!base.video || !picture) return;
    if (coming && now - coming.since > MOVE_WITHIN_MS) this.giveUp(now);
    const rungs = this.rungs(base.video, now);
    const shown = rungs.find(({ name }) => name === this.shown?.name);
    // A rung that its encoder has given up.
    if (!shown || this.shown?.ended) return void this.goTo(base.video.name, now);
    if (coming || this.isAsking) return;
    const { estimate, behindMs } = viewer;
    const chosen = this.choice.choose(rungs, shown, { kbps: estimate.kbps(now), loss: estimate.loss, behindMs }, now);
    if (chosen.name !== shown.name) void this.goTo(chosen.name, now);
  }

  /** The picture itself and its rungs, the largest first, with the bits that the one that is sent really has. */
  private rungs(base: Stream, now: number): readonly Rung[] {
    const { picture } = this;
    const smaller = this.parts.rungsOf(this.watched).filter(({ name }) => (this.refusedUntil.get(name) ?? 0) <= now);
    const measured = picture?.output.kbps ?? 0;
    if (this.shown === base && measured > 0) this.baseKbps = measured;
    const all = [{ name: base.name, kbps: this.baseKbps }, ...smaller.filter(({ kbps }) => kbps < this.baseKbps)];
    return all
      .map((rung) => (rung.name === this.shown?.name && measured > 0 ? { ...rung, kbps: measured } : rung))
      .sort((a, b) => b.kbps - a.kbps);
  }

  private async goTo(name: string, now: number): Promise<void> {
    if (this.isAsking || this.coming?.name === name) return;
    this.isAsking = true;
    const { find, clock } = this.parts;
    const found = name === this.base.video?.name ? this.base.video : await find(this.watched.app, name);
    this.isAsking = false;
    if (this.over) return;
    if (found instanceof Refusal) {
      this.refusedUntil.set(name, now + RUNG_AGAIN_MS);
      return;
    }
    if (this.coming) this.give(this.coming.lease);
    this.coming = { name, lease: this.lease(found, "video"), since: clock.monotonic() };
    this.viewer.showVideo(this.coming.lease.output.line);
  }

  private giveUp(now: number): void {
    const { coming } = this;
    if (!coming || !this.picture) return;
    this.coming = null;
    this.refusedUntil.set(coming.name, now + RUNG_AGAIN_MS);
    this.viewer.showVideo(this.picture.output.line);
    this.give(coming.lease);
  }

  private moved(line: RtpTransport): void {
    const { coming, picture } = this;
    if (coming?.lease.output.line !== line) return;
    this.coming = null;
    this.picture = coming.lease;
    if (picture) this.give(picture);
    // The other rung may be later or earlier by as long as its encoder takes: the viewer has to know at once.
    queueMicrotask(() => this.report());
  }
}
