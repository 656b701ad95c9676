/**
 * Provides the WHEP engine: real time over WebRTC. The server chooses the rung by what the connection carries, unless the viewer has chosen one. The
 * element tells nothing of a picture that stands still, so the engine does it in its place, by the element's own events.
 */
import type { Engine, EngineStart, Quality } from "../engine.ts";
import { qualityOf } from "../quality.ts";
import { fetchRungs, fetchUndecodable, isSound, type Rung } from "../rung-list.ts";
import { UndecodableWatch } from "../undecodable-watch.ts";
import { sampleOf } from "./reception-sample.ts";
import { ReceptionWatch } from "./reception-watch.ts";
import { hasVideo, SoundAlone } from "./sound-alone.ts";
import { flvAddressOf, whepAddressOfRung } from "./whep-address.ts";
import { WhepConnection } from "./whep-connection.ts";

const LOOK_MS = 250;
/** Without anything of the stream by then, another engine is tried: it has a picture within four seconds of the beginning. */
const HEARD_WITHIN_MS = 2500;
/** Where packets come, only the picture is late: a machine with much to do is later still with another engine, and with both at once. */
const SHOWN_WITHIN_MS = 10_000;
/** A page that is late to look has stood itself: no more than this counts. */
const MOST_LOOK_MS = 500;
const DEATHS = { silent: "nothing comes any more", unshown: "what comes cannot be shown" } as const;

/** @param ready a connection that already receives, opened beside another engine; it belongs to this one from now on */
export function whepEngine(ready: WhepConnection | null = null): Engine {
  let playback: WhepPlayback | null = null;
  return {
    keepsPace: true,
    start: (options) => {
      playback = new WhepPlayback(options, ready);
    },
    choose: (label) => playback?.choose(label),
    receivedAt: () => null,
    needsTime: () => false,
    mediaTime: () => null,
    delay: () => playback?.delay ?? null,
    close: () => (playback ? playback.close() : ready?.close()),
  };
}

class WhepPlayback {
  /** As `Engine.delay`. */
  delay: number | null = null;
  private readonly options: EngineStart;
  private connection: WhepConnection;
  /** Of the rung that the viewer has chosen, until something of it comes. */
  private next: WhepConnection | null = null;
  private watch = new ReceptionWatch();
  private rungs: readonly Rung[] = [];
  private chosen: string | null;
  private reported: string | null = null;
  private isShown = false;
  private isStill = false;
  private isHeard = false;
  /** The element has the sound of the connection alone. */
  private isSoundAlone = false;
  private readonly alone = new SoundAlone();
  private readonly looking: number;
  private lookedAt = performance.now();
  private waitedMs = 0;
  private over = false;
  private readonly undecodable: UndecodableWatch;

  constructor(options: EngineStart, ready: WhepConnection | null) {
    this.options = options;
    const { url, video, chosen, events } = options;
    this.undecodable = new UndecodableWatch({
      ask: () => fetchUndecodable(flvAddressOf(url)),
      onChange: (track) => !this.over && events.onUndecodable(track),
    });
    this.chosen = chosen;
    this.connection = ready ?? this.open(url);
    ready?.handTo(this.eventsOf(() => ready));
    video.addEventListener("loadeddata", this.onShown);
    video.srcObject = this.connection.stream;
    this.looking = window.setInterval(() => {
      this.wait(performance.now());
      void this.look();
    }, LOOK_MS);
    void this.list();
  }

  choose(label: string | null): void {
    this.chosen = label;
    this.changeRung();
    this.report();
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    clearInterval(this.looking);
    const { video } = this.options;
    video.removeEventListener("loadeddata", this.onShown);
    video.srcObject = null;
    this.next?.close();
    this.connection.close();
  }

  private readonly onShown = (): void => {
    this.isShown = true;
  };

  private wait(now: number): void {
    const passed = Math.min(MOST_LOOK_MS, now - this.lookedAt);
    this.waitedMs += passed;
    this.lookedAt = now;
    this.chooseTracks(passed);
    if (this.isShown) return;
    if (this.waitedMs >= (this.isHeard ? SHOWN_WITHIN_MS : HEARD_WITHIN_MS)) this.fail("nothing came in time");
  }

  /** A person with a microphone alone sends no picture, until they turn their camera on. */
  private chooseTracks(passed: number): void {
    const { stream } = this.connection;
    const sound = this.alone.look(stream, passed);
    if (this.isSoundAlone && hasVideo(stream)) {
      this.isSoundAlone = false;
      this.attach(stream);
    }
    const isBare = this.options.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA;
    if (this.isSoundAlone || !isBare || !sound) return;
    this.isSoundAlone = true;
    this.attach(new MediaStream([...sound]));
  }

  private attach(stream: MediaStream): void {
    const { video } = this.options;
    const isPaused = video.paused;
    video.srcObject = stream;
    if (!isPaused) void video.play().catch(() => {});
  }

  private open(url: string): WhepConnection {
    const opened: WhepConnection = new WhepConnection(
      url,
      this.eventsOf(() => opened),
    );
    return opened;
  }

  private eventsOf(which: () => WhepConnection): ConstructorParameters<typeof WhepConnection>[1] {
    return {
      onProblem: (problem, detail) => {
        if (this.over) return;
        // A rung that cannot be had leaves the picture as it is.
        if (which() === this.next) this.next = null;
        else this.options.events.onProblem(problem, detail);
      },
      onUndecodable: (track) => this.undecodable.take(track),
    };
  }

  private async list(): Promise<void> {
    this.rungs = await fetchRungs(flvAddressOf(this.options.url));
    if (this.over) return;
    if (this.chosen !== null) this.changeRung();
    this.report();
  }

  /** Receives the chosen rung, and shows it as soon as something of it comes. */
  private changeRung(): void {
    const rung = this.rungs.find(({ label }) => label === this.chosen);
    const url = whepAddressOfRung(this.options.url, rung?.name ?? null);
    this.next?.close();
    this.next = null;
    if (url === this.connection.url) return;
    const next = this.open(url);
    this.next = next;
    const hasTracks = (): boolean => next.stream.getTracks().some(({ muted }) => !muted);
    const poll = window.setInterval(() => {
      if (this.over || this.next !== next) return clearInterval(poll);
      if (!hasTracks()) return;
      clearInterval(poll);
      this.show(next);
    }, LOOK_MS / 5);
  }

  private show(connection: WhepConnection): void {
    this.options.events.onReload();
    this.connection.close();
    this.connection = connection;
    this.next = null;
    this.watch = new ReceptionWatch();
    this.isSoundAlone = false;
    this.attach(connection.stream);
    this.report();
  }

  private async look(): Promise<void> {
    const { connection, watch } = this;
    const report = await connection.report();
    if (this.over || !report || connection !== this.connection) return;
    const sample = sampleOf(report);
    if (sample.heard === 0) return;
    const now = performance.now();
    const { dead, isStill, isMute, delay } = watch.look(sample, now);
    this.isHeard = true;
    this.undecodable.look(isStill || isMute || this.options.video.videoWidth === 0, now);
    if (dead && (this.isShown || this.waitedMs >= HEARD_WITHIN_MS)) return this.fail(DEATHS[dead]);
    this.delay = delay ?? this.delay;
    this.tellStill(isStill);
    this.report();
  }

  private tellStill(isStill: boolean): void {
    const { video } = this.options;
    if (isStill === this.isStill || video.paused || !this.isShown) return;
    this.isStill = isStill;
    video.dispatchEvent(new Event(isStill ? "waiting" : "playing"));
  }

  private fail(detail: string): void {
    if (!this.over) this.options.events.onProblem("network", detail);
  }

  private report(): void {
    if (this.rungs.length < 2) return;
    const { videoWidth, videoHeight } = this.options.video;
    const chosen = this.rungs.find(({ label }) => label === this.chosen);
    const isSoundAlone =
      chosen !== undefined && isSound(chosen) && this.connection.url === whepAddressOfRung(this.options.url, chosen.name);
    const size = Math.min(videoWidth, videoHeight);
    const shown = chosen ?? this.rungs.find(({ width, height }) => Math.min(width, height) === size && size > 0);
    const quality: Quality = qualityOf(this.rungs, {
      chosen: this.chosen,
      playing: shown?.label ?? null,
      soundOnly: isSoundAlone ? "chosen" : null,
    });
    const text = JSON.stringify(quality);
    if (text === this.reported) return;
    this.reported = text;
    this.options.events.onQuality(quality);
  }
}
