/**
 * Provides `<lectern-player>`: plays a live stream, stays near the live edge and reconnects. docs/player.md lists its attributes, properties and
 * events; `watermark/watermark.ts` has those of the watermark. Long because it is the state of one player: what it decides by is in the files that it
 * calls.
 */
import { browserStorage } from "../controls/browser-storage.ts";
import * as media from "../controls/media-actions.ts";
import { SoundControl } from "../controls/sound-control.ts";
import { playerStyle } from "../controls/style.ts";
import { PlayerElement } from "../element/player-element.ts";
import type { PlayerState } from "../element/player-states.ts";
import { bufferedAhead } from "../engines/buffered-ahead.ts";
import type { Quality } from "../engines/engine.ts";
import { isTransient, type Problem } from "../engines/problem.ts";
import type { WhepConnection } from "../engines/whep/whep-connection.ts";
import { viewFacts } from "../reports/view-facts.ts";
import { ViewReporter } from "../reports/view-reporter.ts";
import { WATERMARK_ATTRIBUTES, Watermark } from "../watermark/watermark.ts";
import { Backoff } from "./backoff.ts";
import { answerTimeoutMs, silenceTimeoutMs } from "./connection-timeouts.ts";
import { EngineSlot } from "./engine-slot.ts";
import { type KeyActions, keyAction } from "./keyboard.ts";
import { LastFrame } from "./last-frame.ts";
import { jumpToLive } from "./live-edge.ts";
import { LiveScreen } from "./live-screen.ts";
import { MediaArrival } from "./media-arrival.ts";
import { PHASES, type PlayerStatistics, reportedProblem, SILENCE_PROBLEMS } from "./player-state.ts";
import { PublisherAbsence } from "./publisher-absence.ts";
import { RungPreference } from "./rung-preference.ts";
import type { Silence } from "./silence-watch.ts";
import { StallLog } from "./stall-log.ts";
import { Standstill } from "./standstill.ts";
import { StreamSource } from "./stream-source.ts";

const TICK_MS = 200;
/** After a longer pause the player loads again instead of playing what is old. */
const STALE_PAUSE_MS = 5000;
/** Playback starts after this wait even with less media than wanted. */
const START_ANYWAY_MS = 2000;
const START_POLL_MS = 40;

export class LecternPlayer extends PlayerElement {
  static readonly observedAttributes = [
    "src",
    "protocol",
    "latency",
    "muted",
    "lang",
    "controls",
    "awaits-live",
    ...WATERMARK_ATTRIBUTES,
  ];

  /** Out of reach of scripts. */
  readonly #watermark: Watermark;
  private readonly lastFrame = new LastFrame();
  private readonly preference = new RungPreference(browserStorage());
  private readonly engineSlot = new EngineSlot(this.video, this.preference, {
    onProblem: (problem, detail) => this.fail(problem, detail),
    onReload: () => {
      this.lastFrame.capture(this.video);
      if (this.current === "live") this.stalls.start(performance.now());
    },
    onUndecodable: () => this.tellState(),
    onQuality: () => {
      this.emit("lectern-quality", this.currentQuality);
      this.render();
    },
  });
  private readonly standstill = new Standstill(this.video, () => this.tellState());
  private readonly sound = new SoundControl(this.video, () => {
    this.tellVolume();
    this.render();
  });
  private readonly absence = new PublisherAbsence(this);
  private source = this.newSource();
  private stalls = new StallLog();
  private readonly backoff = new Backoff();
  private current: PlayerState = "idle";
  private problem: Problem | null = null;
  /** State and problem as the page was told them last. */
  private told = "idle null";
  private tickTimer = 0;
  private retryTimer = 0;
  private loadedAt = 0;
  private firstFrameMs: number | null = null;
  private reconnects = 0;
  private pausedAt = 0;
  private readonly arrival = new MediaArrival();
  private readonly reporter = new ViewReporter(this, this.video, {
    phase: () => PHASES[this.current],
    delay: () => this.engineSlot.engine?.delay() ?? null,
    facts: () => viewFacts(this, { ...this.engineSlot.playing, engine: this.source.choice.name, kind: "live" }),
  });

  private readonly actions: KeyActions = {
    togglePlay: () => (this.isStopped ? this.play() : this.pause()),
    toggleMute: this.sound.toggleMute,
    toggleFullScreen: () => media.toggleFullScreen(this),
    togglePictureInPicture: () => media.togglePictureInPicture(this.video),
    changeVolume: this.sound.changeVolume,
  };

  private readonly screen = new LiveScreen(
    this,
    this.video,
    {
      ...this.actions,
      setVolume: this.sound.setVolume,
      goLive: () => jumpToLive(this.video),
      retry: () => this.load("connecting"),
      chooseQuality: (label) => this.engineSlot.choose(label),
    },
    (text) => this.emit("lectern-status", { text }),
  );

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [playerStyle()];
    Object.assign(this.video, { playsInline: true, disableRemotePlayback: true });
    root.append(this.video, this.lastFrame.canvas, this.screen.under);
    this.#watermark = new Watermark(this, root, this.video, () => this.stopForGood());
    this.video.addEventListener("loadeddata", () => this.onFirstFrame());
    this.video.addEventListener("waiting", () => this.onWaiting());
    this.video.addEventListener("playing", () => this.onPlaying());
    for (const event of ["volumechange", "seeked"]) this.video.addEventListener(event, () => this.render());
    this.addEventListener("keydown", (event) => this.onKey(event));
  }

  private readonly onFullScreen = (): void => this.render();

  /** A picture that stands still, because nothing arrives, is reconnecting. */
  get state(): PlayerState {
    return this.silence ? "reconnecting" : this.current;
  }

  override get soundRefused(): boolean {
    return this.sound.isRefused && this.video.muted;
  }

  /** The rungs of the stream, and which of them plays; null while it has one. */
  get currentQuality(): Quality | null {
    return this.engineSlot.quality;
  }

  /** Plays one rung by its label, now and on this device later; null for automatic. */
  chooseQuality(label: string | null): void {
    this.engineSlot.choose(label);
  }

  private get silence(): Silence | null {
    return this.current === "live" ? this.standstill.silence : null;
  }

  get statistics(): PlayerStatistics {
    return {
      firstFrameMs: this.firstFrameMs,
      stalls: this.stalls.count,
      stallMs: this.stalls.totalMs,
      reconnects: this.reconnects,
      engine: this.source.choice.name,
      behind: bufferedAhead(this.video),
      delay: this.delay,
      mediaTime: this.engineSlot.engine?.mediaTime() ?? null,
      view: this.reporter.id,
    };
  }

  /** Seconds from the server to the screen; null while nothing plays. */
  private get delay(): number | null {
    if (this.current !== "live") return null;
    return this.engineSlot.engine?.delay() ?? bufferedAhead(this.video);
  }

  /** The address of the stream. */
  get src(): string {
    return this.getAttribute("src") ?? "";
  }

  set src(url: string) {
    this.setAttribute("src", url);
  }

  connectedCallback(): void {
    if (!this.hasAttribute("tabindex")) this.tabIndex = 0;
    this.setAttribute("role", "region");
    this.createControls();
    this.tickTimer = window.setInterval(() => this.tick(), TICK_MS);
    document.addEventListener("fullscreenchange", this.onFullScreen);
    this.#watermark.update();
    this.open();
    this.reporter.start();
  }

  disconnectedCallback(): void {
    clearInterval(this.tickTimer);
    this.screen.stop();
    document.removeEventListener("fullscreenchange", this.onFullScreen);
    this.#watermark.close();
    this.reporter.stop();
    this.source.close();
    this.closeEngine();
    this.current = "idle";
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.isConnected) return;
    // A renewed link to the stream that plays takes effect at the next reconnect.
    if (name === "src" && this.engineSlot.engine && this.source.choice.goesOn(before ?? "", now ?? "")) return;
    if (name.startsWith("watermark")) this.#watermark.update();
    else if (name === "src" || name === "protocol" || name === "latency") this.open();
    else if (name === "awaits-live") this.retryOnRequest(now);
    else if (name === "muted") this.video.muted = this.hasAttribute("muted");
    else this.createControls();
  }

  /** Plays, with sound if the browser allows it. */
  play(): void {
    if (this.current === "paused" && performance.now() - this.pausedAt < STALE_PAUSE_MS) {
      jumpToLive(this.video);
      this.startPlayback();
    } else if (this.isStopped) {
      this.load("connecting");
    }
  }

  pause(): void {
    if (this.current === "idle" || this.current === "failed") return;
    this.pausedAt = performance.now();
    this.video.pause();
    this.setState("paused");
  }

  private get isStopped(): boolean {
    return this.current === "paused" || this.current === "failed" || this.current === "idle";
  }

  /** Forgets the last stream and opens the one of `src`. */
  private open(): void {
    this.closeEngine();
    this.engineSlot.forget();
    this.lastFrame.hide();
    this.firstFrameMs = null;
    this.pausedAt = Number.NEGATIVE_INFINITY;
    this.stalls = new StallLog();
    this.absence.end();
    this.source.close();
    this.source = this.newSource();
    this.backoff.reset();
    this.video.muted = this.hasAttribute("muted");
    this.preference.setInitial(this.getAttribute("quality"));
    if (this.#watermark.isTampered) this.setState("failed", "tampered");
    else if (this.src === "") this.setState("idle");
    else if (this.hasAttribute("autoplay")) this.load("connecting");
    else this.setState("paused");
  }

  /** @param problem why it is tried again: told until it succeeds, or fails otherwise */
  private load(state: "connecting" | "reconnecting", problem: Problem | null = null): void {
    if (this.#watermark.isTampered) return;
    this.closeEngine();
    if (state === "connecting" && this.absence.awaited) {
      this.setState("reconnecting", "not-live");
      return this.retryIn(this.backoff.next(this.absence.awaited));
    }
    this.loadedAt = performance.now();
    this.source.begin(this.loadedAt);
    this.arrival.restart(this.loadedAt);
    this.setState(state, problem);
    const { servers } = this.source;
    if (!servers.needsLookup) return this.startEngine();
    void servers.lookUp(this.loadedAt).then(() => {
      if (servers === this.source.servers && this.current === state && !this.engineSlot.engine) this.startEngine();
    });
  }

  private newSource(): StreamSource {
    return new StreamSource(this, { trace: () => this.reporter.traceparent, onRealtime: (one) => this.returnToRealtime(one) });
  }

  private startEngine(): void {
    const { choice } = this.source;
    this.engineSlot.open(choice.create(), this.source.urlFor(choice.name));
  }

  /** WHEP has a picture, beside the engine that plays: it takes over. */
  private returnToRealtime(connection: WhepConnection): void {
    if (this.current !== "live" || !this.engineSlot.engine) return connection.close();
    this.closeEngine();
    this.source.returnToWhep();
    this.loadedAt = performance.now();
    this.engineSlot.open(this.source.choice.create(connection), connection.url);
  }

  private fail(problem: Problem, detail = ""): void {
    this.emit("lectern-problem", { problem, detail });
    const isOfSound = this.preference.noteProblem(problem, performance.now(), detail) && this.source.choice.leavesSoundOut;
    this.closeEngine();
    const isPaused = this.current === "paused";
    if ((isOfSound || this.source.switchServer(problem, performance.now())) && !isPaused) {
      this.reconnects++;
      return this.load("reconnecting");
    }
    if (this.source.switchEngine(problem, performance.now()) && !isPaused)
      return this.load(this.current === "connecting" ? "connecting" : "reconnecting");
    if (!isTransient(problem)) return this.setState("failed", problem);
    this.reconnects++;
    if (!isPaused) this.setState("reconnecting", problem);
    this.retryIn(this.backoff.after(problem, this.absence, this.firstFrameMs !== null));
  }

  private retryIn(delayMs: number): void {
    clearTimeout(this.retryTimer);
    const { problem } = this;
    this.retryTimer = window.setTimeout(() => {
      if (this.current === "reconnecting") this.load("reconnecting", problem);
    }, delayMs);
  }

  /** @param awaits null: the page says that the stream is live, or does not know any more when it will be */
  private retryOnRequest(awaits: string | null): void {
    if (this.current !== "reconnecting" || this.problem !== "not-live") return;
    this.retryIn(awaits === null ? this.backoff.soon() : this.backoff.next(this.absence.awaited));
  }

  private closeEngine(): void {
    clearTimeout(this.retryTimer);
    if (this.engineSlot.engine) this.lastFrame.capture(this.video);
    this.engineSlot.close();
    this.stalls.cancel();
  }

  private stopForGood(): void {
    this.source.close();
    this.closeEngine();
    this.lastFrame.hide();
    this.setState("failed", "tampered");
    this.createControls();
  }

  private onFirstFrame(): void {
    if (!this.engineSlot.quality?.soundOnly) this.lastFrame.hideBehind(this.video);
    const milliseconds = this.source.firstFrame(performance.now());
    if (this.firstFrameMs === null) {
      this.firstFrameMs = milliseconds;
      this.emit("lectern-first-frame", { milliseconds });
    }
    if (this.current !== "paused") this.startPlayback();
  }

  /** Plays as soon as the buffer holds enough not to stall at once. */
  private startPlayback(): void {
    if (this.current === "paused") this.setState("connecting");
    if (bufferedAhead(this.video) < this.source.edge.startWith && performance.now() - this.loadedAt < START_ANYWAY_MS) {
      window.setTimeout(() => this.engineSlot.engine && this.current !== "paused" && this.startPlayback(), START_POLL_MS);
      return;
    }
    void this.sound.play(() => this.pause());
  }

  private onPlaying(): void {
    if (this.current === "paused") return;
    this.stalls.end(performance.now());
    this.backoff.reset();
    this.absence.end();
    this.setState("live");
  }

  private onWaiting(): void {
    // A seek of the engine's own is not a stall.
    if (this.current !== "live" || this.stalls.isStalled || this.video.seeking) return;
    this.stalls.start(performance.now());
    this.source.edge.stalled();
    this.render();
  }

  private tick(): void {
    const now = performance.now();
    this.arrival.note(this.video, this.engineSlot.engine?.receivedAt() ?? null, now);
    if (this.current === "live" && this.engineSlot.engine && !this.engineSlot.engine.keepsPace) this.keepPace(now);
    if (this.current === "live") this.source.look(now);
    const isStalled = this.current === "live" && this.stalls.isStalled;
    this.standstill.look({ isStalled, arrivedAt: this.arrival.at, source: this.source, engine: this.engineSlot.engine }, now);
    const isConnecting = this.source.choice.name !== "whep" && this.engineSlot.engine && /^(re)?connecting$/.test(this.current);
    if (isConnecting && now - this.loadedAt > answerTimeoutMs(this.source.servers, this.firstFrameMs, now)) this.fail("network");
    if (this.screen.isDue(isStalled)) this.render();
  }

  private keepPace(now: number): void {
    const { rate, jumpForward } = this.source.edge.decide(bufferedAhead(this.video), this.engineSlot.engine?.needsTime());
    if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
    if (jumpForward !== null) this.video.currentTime += jumpForward;
    if (now - this.arrival.at > silenceTimeoutMs(this.source.servers, now)) this.fail("network");
    else if (this.source.servers.isRecheckDue(now)) void this.moveToBetterServer(now);
  }

  private async moveToBetterServer(now: number): Promise<void> {
    const { servers } = this.source;
    if ((await servers.chooseBetter(now)) && servers === this.source.servers && this.current === "live") this.load("reconnecting");
  }

  private setState(state: PlayerState, problem: Problem | null = null): void {
    this.current = state;
    this.problem = problem;
    this.tellState();
  }

  private tellState(): void {
    const { state, silence } = this;
    const found = silence ? SILENCE_PROBLEMS[silence.cause] : this.problem;
    const problem = reportedProblem(state, found, this.engineSlot.undecodable);
    this.absence.note(silence, this.problem, this.firstFrameMs !== null);
    const told = `${state} ${problem}`;
    if (told !== this.told) this.emit("lectern-state", { state, problem });
    this.told = told;
    this.render();
  }

  private render(): void {
    const { current: state, delay, stalls, silence, loadedAt } = this;
    this.screen.show({
      state,
      problem: reportedProblem(state, this.problem, this.engineSlot.undecodable),
      delay,
      stalls,
      silence,
      awayMs: this.absence.ms,
      loadedAt,
      offersSound: this.sound.isRefused,
      hasShownFrame: this.firstFrameMs !== null,
      isOver: this.#watermark.isTampered,
      quality: this.engineSlot.quality,
      soundLeftOutMs: this.preference.sound.leftOutFor(performance.now()),
    });
  }

  private createControls(): void {
    this.screen.create(this.shadowRoot, this.getAttribute("controls") === "off" && !this.#watermark.isTampered);
    this.render();
  }

  private onKey(event: KeyboardEvent): void {
    const action = this.getAttribute("keys") === "off" ? null : keyAction(event, this.actions);
    if (!action) return;
    event.preventDefault();
    this.screen.awake();
    action();
  }
}
