/**
 * `<lectern-player>`: plays a live stream and looks after it.
 *
 * Attributes: `src` (an address that ends in .flv or .m3u8), `protocol` (`flv` or `hls` to have only that; otherwise the player finds
 * what works), `dispatch` (the address that names the servers to watch at; without it, that of `src`), `autoplay`, `muted`, `controls`
 * (`off` to hide them), `lang`.
 * Events: `lectern-state` with `{ state, problem }` whenever the state changes; `lectern-first-frame` with `{ milliseconds }`;
 * `lectern-problem` with `{ problem, detail }` for those who look for causes.
 */

import { messagesFor, type PlayerMessages } from "../controls/messages.ts";
import { playerStyle } from "../controls/style.ts";
import type { Engine, Quality } from "../engines/engine.ts";
import { addressFor, EngineChoice, type EngineName, engineOrder } from "../engines/engine-choice.ts";
import { isEngineProblem, isTransient, type Problem } from "../engines/problem.ts";
import { Backoff } from "./backoff.ts";
import { keyAction } from "./keyboard.ts";
import { LastFrame } from "./last-frame.ts";
import { isRenewedLink } from "./link-renewal.ts";
import { Controls } from "./live-controls.ts";
import { bufferedAhead, LiveEdge } from "./live-edge.ts";
import { ServerCandidates } from "./server-candidates.ts";

export type PlayerState = "idle" | "connecting" | "live" | "reconnecting" | "paused" | "failed";

export type PlayerStatistics = {
  /** Milliseconds from `src` to the first picture; null before it. */
  readonly firstFrameMs: number | null;
  readonly stalls: number;
  readonly stallMs: number;
  readonly reconnects: number;
  /** How the stream comes. */
  readonly engine: EngineName;
  /** Seconds between the picture and the newest that has come. */
  readonly behind: number;
};

const LOOK_EVERY_MS = 200;
/** Controls go away after this long without a touch. */
const IDLE_AFTER_MS = 3000;
/** A pause that was longer than this starts afresh, rather than play what is old. */
const STALE_PAUSE_MS = 5000;
/** Nothing new for so long while connected: the publisher is away, or the line is dead. */
const SILENCE_MS = 20_000;
/** The next server is tried when nothing new comes from one for so long, or no answer. */
const NEXT_AFTER_MS = { picture: 1200, answer: 600 } as const;
/** A stall counts against the connection for this long. */
const STALL_MEMORY_MS = 30_000;
/** Nobody is told of a wait shorter than this. */
const PATIENCE_MS = 700;

export class LecternPlayer extends HTMLElement {
  static readonly observedAttributes = ["src", "protocol", "muted", "lang", "controls"];

  private readonly video = document.createElement("video");
  private readonly still = new LastFrame();
  private words: PlayerMessages = messagesFor(navigator.language);
  private controls: Controls | null = null;
  private engine: Engine | null = null;
  private choice = new EngineChoice(["flv"]);
  private quality: Quality | null = null;
  private edge = new LiveEdge();
  private servers = new ServerCandidates("", "");
  private readonly backoff = new Backoff();
  private current: PlayerState = "idle";
  private problem: Problem | null = null;
  private lookTimer = 0;
  private retryTimer = 0;
  private idleTimer = 0;
  private begunAt = 0;
  private firstFrameMs: number | null = null;
  private stalls: { readonly at: number; milliseconds: number }[] = [];
  private stallTotal = { count: 0, milliseconds: 0 };
  private stalledSince: number | null = null;
  private wantsSound = false;
  private reconnects = 0;
  private pausedAt = 0;
  private newest = { end: 0, at: 0 };

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [playerStyle()];
    this.video.playsInline = true;
    this.video.disableRemotePlayback = true;
    root.append(this.video, this.still.canvas);
    this.video.addEventListener("loadeddata", () => this.onFirstFrame());
    this.video.addEventListener("waiting", () => this.onWaiting());
    this.video.addEventListener("playing", () => this.onPlaying());
    this.video.addEventListener("volumechange", () => this.render());
    this.video.addEventListener("click", () => this.wake());
    this.addEventListener("pointermove", () => this.wake());
    this.addEventListener("keydown", (event) => this.onKey(event));
  }

  private readonly onFullScreen = (): void => this.render();
  get state(): PlayerState {
    return this.current;
  }

  get statistics(): PlayerStatistics {
    return {
      firstFrameMs: this.firstFrameMs,
      stalls: this.stallTotal.count,
      stallMs: this.stallTotal.milliseconds,
      reconnects: this.reconnects,
      engine: this.choice.name,
      behind: bufferedAhead(this.video),
    };
  }

  get src(): string {
    return this.getAttribute("src") ?? "";
  }
  set src(url: string) {
    this.setAttribute("src", url);
  }

  connectedCallback(): void {
    if (!this.hasAttribute("tabindex")) this.tabIndex = 0;
    this.setAttribute("role", "region");
    this.applyLanguage();
    this.lookTimer = window.setInterval(() => this.look(), LOOK_EVERY_MS);
    document.addEventListener("fullscreenchange", this.onFullScreen);
    this.open();
  }

  disconnectedCallback(): void {
    clearInterval(this.lookTimer);
    clearTimeout(this.idleTimer);
    document.removeEventListener("fullscreenchange", this.onFullScreen);
    this.closeEngine();
    this.current = "idle";
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.isConnected) return;
    // A new link to the stream that plays: it is used when the player has to connect again.
    if (name === "src" && this.engine && isRenewedLink(before ?? "", now ?? "")) return;
    if (name === "src" || name === "protocol") this.open();
    else if (name === "muted") this.video.muted = this.hasAttribute("muted");
    else this.applyLanguage();
  }

  /** Plays, with sound if the browser allows it. */
  play(): void {
    if (this.current === "paused" && performance.now() - this.pausedAt < STALE_PAUSE_MS) {
      this.goLive();
      this.startPicture();
    } else if (this.current === "paused" || this.current === "failed" || this.current === "idle") {
      this.load("connecting");
    }
  }

  pause(): void {
    if (this.current === "idle" || this.current === "failed") return;
    this.pausedAt = performance.now();
    this.video.pause();
    this.become("paused");
  }

  private open(): void {
    this.closeEngine();
    this.still.forget();
    this.firstFrameMs = null;
    this.stallTotal = { count: 0, milliseconds: 0 };
    this.stalls = [];
    this.servers = new ServerCandidates(this.getAttribute("dispatch") ?? "", this.src);
    this.choice = new EngineChoice(engineOrder(this.src, this.getAttribute("protocol"), "MediaSource" in window));
    this.edge = this.edgeOfEngine();
    this.backoff.reset();
    this.video.muted = this.hasAttribute("muted");
    if (this.src === "") this.become("idle");
    else if (this.hasAttribute("autoplay")) this.load("connecting");
    else {
      this.pausedAt = Number.NEGATIVE_INFINITY;
      this.become("paused");
    }
  }

  private load(state: "connecting" | "reconnecting"): void {
    this.closeEngine();
    this.begunAt = performance.now();
    this.newest = { end: 0, at: this.begunAt };
    this.become(state);
    const { servers } = this;
    if (!servers.needsLookup) return this.begin();
    void servers.find(this.begunAt).then(() => servers === this.servers && this.current === state && !this.engine && this.begin());
  }

  private begin(): void {
    const { name } = this.choice;
    const engine = this.choice.create();
    this.engine = engine;
    engine.start(this.video, this.absolute(addressFor(this.src, name), name), {
      onProblem: (problem, detail) => engine === this.engine && this.fail(problem, detail),
      onEnd: () => engine === this.engine && this.fail("network"),
      onQuality: (quality) => {
        if (engine !== this.engine) return;
        this.quality = quality;
        this.render();
      },
    });
  }

  /** What stalls have taught about the line is kept for as long as the stream comes in the same way. */
  private edgeOfEngine(): LiveEdge {
    if (this.choice.name !== "flv") return new LiveEdge("parts");
    return new LiveEdge(/[?&]delay=low\b/.test(this.src) ? "small-batches" : "batches");
  }

  private fail(problem: Problem, detail = ""): void {
    this.dispatchEvent(new CustomEvent("lectern-problem", { detail: { problem, detail }, bubbles: true }));
    this.closeEngine();
    // Another server may do better, at once.
    if ((problem === "network" || problem === "busy") && this.servers.failed(performance.now()) && this.current !== "paused") {
      this.reconnects++;
      return this.load("reconnecting");
    }
    const other = (problem === "network" || isEngineProblem(problem)) && this.choice.failed(isEngineProblem(problem));
    if (other) this.edge = this.edgeOfEngine();
    if (other && this.current !== "paused") {
      this.load(this.current === "connecting" ? "connecting" : "reconnecting");
      return;
    }
    if (!isTransient(problem)) {
      this.problem = problem;
      this.become("failed", problem);
      return;
    }
    this.reconnects++;
    if (this.current !== "paused") this.become("reconnecting", problem);
    this.retryTimer = window.setTimeout(() => {
      if (this.current === "reconnecting") this.load("reconnecting");
    }, this.backoff.next());
  }

  private closeEngine(): void {
    clearTimeout(this.retryTimer);
    if (this.engine) this.still.keep(this.video);
    this.engine?.close();
    this.engine = null;
    this.quality = null;
    this.stalledSince = null;
  }

  private onFirstFrame(): void {
    this.still.forget();
    this.choice.worked();
    if (this.firstFrameMs === null) {
      this.firstFrameMs = performance.now() - this.begunAt;
      this.dispatchEvent(new CustomEvent("lectern-first-frame", { detail: { milliseconds: this.firstFrameMs }, bubbles: true }));
    }
    if (this.current !== "paused") this.startPicture();
  }

  /** Starts as soon as there is enough in hand not to stop again at once. */
  private startPicture(): void {
    if (this.current === "paused") this.become("connecting");
    if (bufferedAhead(this.video) < this.edge.startWith && performance.now() - this.begunAt < 2000) {
      window.setTimeout(() => this.engine && this.current !== "paused" && this.startPicture(), 40);
      return;
    }
    this.video.play().catch((error: DOMException) => {
      if (error.name !== "NotAllowedError" || this.video.muted) return;
      // The browser wants a touch before there may be sound: begin without, and offer it.
      this.wantsSound = true;
      this.video.muted = true;
      void this.video.play().catch(() => this.pause());
    });
  }

  private onPlaying(): void {
    if (this.current === "paused") return;
    if (this.stalledSince !== null) this.endStall();
    this.backoff.reset();
    this.become("live");
  }

  private onWaiting(): void {
    // An engine that begins where it wants to seeks there, which is no stall.
    if (this.current !== "live" || this.stalledSince !== null || this.video.seeking) return;
    this.stalledSince = performance.now();
    this.stallTotal.count++;
    this.edge.stalled();
    this.render();
  }

  private endStall(): void {
    const milliseconds = performance.now() - (this.stalledSince ?? 0);
    this.stalledSince = null;
    this.stallTotal.milliseconds += milliseconds;
    this.stalls.push({ at: performance.now(), milliseconds });
  }

  private look(): void {
    const now = performance.now();
    this.stalls = this.stalls.filter(({ at }) => now - at < STALL_MEMORY_MS);
    const { buffered } = this.video;
    const end = buffered.length > 0 ? buffered.end(buffered.length - 1) : 0;
    if (end !== this.newest.end) this.newest = { end, at: now };
    if (this.current === "live" && this.engine && !this.engine.keepsPace) {
      const { rate, jumpForward } = this.edge.decide(bufferedAhead(this.video));
      if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
      if (jumpForward !== null) this.video.currentTime += jumpForward;
      const patience = this.servers.hasOther ? this.servers.patience(NEXT_AFTER_MS.picture, now) : SILENCE_MS;
      if (now - this.newest.at > patience) this.fail("network");
      else if (this.servers.isTime(now)) void this.improve(now);
    }
    const connects = this.engine && (this.current === "connecting" || this.current === "reconnecting");
    const usual = Math.max(NEXT_AFTER_MS.answer, 2 * (this.firstFrameMs ?? 2 * NEXT_AFTER_MS.answer));
    if (connects && this.servers.hasOther && now - this.begunAt > this.servers.patience(usual, now)) this.fail("network");
    this.render();
  }

  /** Goes to a better server, if there is one again. */
  private async improve(now: number): Promise<void> {
    const { servers } = this;
    const isBetter = await servers.better(now);
    if (isBetter && servers === this.servers && this.current === "live") this.load("reconnecting");
  }

  private goLive(): void {
    const behind = bufferedAhead(this.video);
    if (behind > 2) this.video.currentTime += behind - 0.8;
  }

  private howSteady(): "good" | "fair" | "poor" | null {
    if (this.current !== "live") return null;
    const stalled = this.stalls.reduce((sum, { milliseconds }) => sum + milliseconds, 0) + (this.stalledSince === null ? 0 : 500);
    if (stalled > 3000 || this.stalls.length > 3) return "poor";
    return stalled > 0 ? "fair" : "good";
  }

  private become(state: PlayerState, problem: Problem | null = null): void {
    const changed = state !== this.current || problem !== this.problem;
    this.current = state;
    this.problem = problem;
    if (changed) this.dispatchEvent(new CustomEvent("lectern-state", { detail: { state, problem }, bubbles: true }));
    this.render();
  }

  private status(): string | null {
    const { words, problem } = this;
    if (problem) return words.problems[problem];
    const waited = performance.now() - this.begunAt > PATIENCE_MS;
    if (this.current === "connecting") return waited ? words.connecting : null;
    if (this.current === "reconnecting") return words.reconnecting;
    if (this.stalledSince !== null && performance.now() - this.stalledSince > PATIENCE_MS) return words.waitingForPicture;
    return this.current === "paused" && this.firstFrameMs !== null ? words.paused : null;
  }

  private render(): void {
    this.controls?.show({
      playing: this.current !== "paused" && this.current !== "failed" && this.current !== "idle",
      muted: this.video.muted,
      volume: this.video.volume,
      fullScreen: document.fullscreenElement === this,
      behind: this.current === "live" ? bufferedAhead(this.video) : null,
      connection: this.howSteady(),
      status: this.status(),
      canRetry: this.current === "failed",
      quality: this.quality,
      offerSound: this.wantsSound && this.video.muted && this.current === "live",
    });
  }

  private applyLanguage(): void {
    this.words = messagesFor(this.lang || document.documentElement.lang || navigator.language);
    this.setAttribute("aria-label", this.words.player);
    this.controls?.root.remove();
    this.controls = null;
    if (this.getAttribute("controls") === "off") return;
    this.controls = new Controls(this.words, {
      togglePlay: () => this.togglePlay(),
      toggleMute: () => this.toggleMute(),
      setVolume: (volume) => this.setVolume(volume),
      toggleFullScreen: () => this.toggleFullScreen(),
      togglePictureInPicture: () => this.togglePictureInPicture(),
      goLive: () => this.goLive(),
      retry: () => this.load("connecting"),
      chooseQuality: (rung) => this.engine?.choose(rung),
    });
    this.shadowRoot?.append(this.controls.root);
    this.wake();
    this.render();
  }

  private togglePlay(): void {
    if (this.current === "paused" || this.current === "failed" || this.current === "idle") this.play();
    else this.pause();
  }

  private toggleMute(): void {
    this.video.muted = !this.video.muted;
    this.wantsSound = false;
    if (!this.video.muted && this.video.volume === 0) this.video.volume = 0.5;
    this.render();
  }

  private setVolume(volume: number): void {
    this.video.volume = Math.min(1, Math.max(0, volume));
    this.video.muted = this.video.volume === 0;
    this.wantsSound = false;
    this.render();
  }

  private toggleFullScreen(): void {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void this.requestFullscreen().catch(() => {});
  }

  private togglePictureInPicture(): void {
    if (document.pictureInPictureElement) void document.exitPictureInPicture();
    else void this.video.requestPictureInPicture().catch(() => {});
  }

  private onKey(event: KeyboardEvent): void {
    const action = keyAction(event, {
      togglePlay: () => this.togglePlay(),
      toggleMute: () => this.toggleMute(),
      toggleFullScreen: () => this.toggleFullScreen(),
      togglePictureInPicture: () => this.togglePictureInPicture(),
      changeVolume: (by) => this.setVolume(this.video.volume + by),
    });
    if (!action) return;
    event.preventDefault();
    this.wake();
    action();
  }

  /** Shows the controls, and lets them go when nothing is done for a while. */
  private wake(): void {
    this.removeAttribute("idle");
    clearTimeout(this.idleTimer);
    this.idleTimer = window.setTimeout(() => {
      if (this.current === "live") this.setAttribute("idle", "");
    }, IDLE_AFTER_MS);
  }

  /** FLV on HTTPS comes by WebSocket, since a browser opens only six streams to a host over HTTP/1.1. */
  private absolute(url: string, engine: EngineName): string {
    const given = new URL(url, document.baseURI);
    const full = this.servers.base === null ? given : new URL(given.pathname + given.search, this.servers.base);
    if (engine === "flv" && full.protocol === "https:" && !this.hasAttribute("fetch")) full.protocol = "wss:";
    return full.href;
  }
}
