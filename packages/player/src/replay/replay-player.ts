/**
 * Provides `<lectern-replay>`: plays a recording, or a past range of a live stream, with a seek bar. docs/player.md lists its attributes, properties
 * and events; `watermark/watermark.ts` has those of the watermark.
 */
import { browserStorage } from "../controls/browser-storage.ts";
import { IdleTimer } from "../controls/idle-timer.ts";
import { toggleFullScreen } from "../controls/media-actions.ts";
import { messagesFor, type PlayerMessages } from "../controls/messages.ts";
import { playerStyle } from "../controls/style.ts";
import { PlayerElement } from "../element/player-element.ts";
import type { ReplayState } from "../element/player-states.ts";
import { type HlsLibrary, hasMediaSource, loadHls } from "../engines/hls/library.ts";
import { TrackChange } from "../engines/hls/track-change.ts";
import { isTransient, type Problem, problemFromStatus } from "../engines/problem.ts";
import { isRenewedLink } from "../engines/renewed-link.ts";
import { viewFacts } from "../reports/view-facts.ts";
import { ViewReporter } from "../reports/view-reporter.ts";
import { WATERMARK_ATTRIBUTES, Watermark } from "../watermark/watermark.ts";
import type { Chapter } from "./chapters.ts";
import { nextSpeed } from "./playback-speed.ts";
import { ReplayControls, SHOWN_EVENTS } from "./replay-controls.ts";
import { replayKeyAction } from "./replay-keyboard.ts";
import { onLeave, savedPosition, savePosition } from "./resume-position.ts";
import { previewUrl, secondsAt, type TimedPlaylist, utcAt } from "./seek-preview.ts";

declare global {
  interface HTMLElementTagNameMap {
    "lectern-replay": LecternReplay;
  }
}

export type { PlayerEventDetails, PlayerEvents } from "../element/player-events.ts";
export type { ReplayState } from "../element/player-states.ts";
export type { Chapter } from "./chapters.ts";

const TICK_MS = 250;
const SAVE_INTERVAL_MS = 5000;
/** A request that failed is made again after so long, and later after twice as long each time. */
const RETRY_MS = { first: 3000, most: 30_000 } as const;
const CONFIGURATION = { enableWorker: false, lowLatencyMode: false, backBufferLength: 60, maxBufferLength: 30 };

export class LecternReplay extends PlayerElement {
  static readonly observedAttributes = ["src", "lang", ...WATERMARK_ATTRIBUTES];

  /** Out of reach of scripts. */
  readonly #watermark: Watermark;
  private readonly idleTimer = new IdleTimer(this, () => !this.video.paused);
  private messages: PlayerMessages = messagesFor(navigator.language);
  private hls: InstanceType<HlsLibrary> | null = null;
  private playlist: TimedPlaylist | null = null;
  private bar: ReplayControls | null = null;
  private chapterList: readonly Chapter[] = [];
  private problem: Problem | null = null;
  /** State and problem as the page was told them last. */
  private told = "";
  /** Counts calls of `open`; a library that loads for an earlier one is ignored. */
  private opening = 0;
  private tickTimer = 0;
  private retryTimer = 0;
  private retries = 0;
  /** Where playback goes on after a failure or with a renewed link, seconds; null: at the start. */
  private leftAt: number | null = null;
  /** Where it is to begin, set while nothing is known of the recording, seconds. */
  private wantedAt: number | null = null;
  private stopListening: (() => void) | null = null;
  private savedAt = 0;
  private openedAt = 0;
  private hasFirstFrame = false;
  private change: TrackChange | null = null;
  private goesOn = false;
  /** The viewer has paused: a picture that comes later does not play by itself. */
  private isHeld = false;
  private readonly reporter = new ViewReporter(this, this.video, {
    phase: () => this.phase(),
    facts: () => viewFacts(this, { url: "", engine: hasMediaSource() ? "hls" : "native", kind: "replay", rung: null }),
  });

  private readonly actions = {
    togglePlay: () => this.togglePlay(),
    skip: (seconds: number) => {
      this.currentTime += seconds;
    },
    toggleMute: () => {
      this.video.muted = !this.video.muted;
    },
    toggleFullScreen: () => toggleFullScreen(this),
    changeSpeed: (step: -1 | 1) => {
      this.video.playbackRate = nextSpeed(this.video.playbackRate, step);
    },
  };

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [playerStyle()];
    this.video.playsInline = true;
    root.append(this.video);
    this.#watermark = new Watermark(this, root, this.video, () => this.stopForGood());
    this.video.addEventListener("loadedmetadata", () => this.seekToStart());
    this.video.addEventListener("loadeddata", () => this.onFirstFrame());
    this.video.addEventListener("click", () => this.togglePlay());
    for (const event of ["pause", "seeked"]) this.video.addEventListener(event, () => this.save());
    for (const event of SHOWN_EVENTS) this.video.addEventListener(event, () => this.render());
    this.addEventListener("pointermove", () => this.idleTimer.restart());
    this.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Seconds. What is set before the length is known is where it begins, as of a media element (HTML, default playback start position). */
  get currentTime(): number {
    return this.wantedAt ?? this.video.currentTime;
  }

  set currentTime(seconds: number) {
    if (this.duration === 0) this.wantedAt = Math.max(0, seconds);
    else this.video.currentTime = Math.max(0, Math.min(seconds, this.duration));
    this.render();
  }

  /** Seconds; 0 while it is not known. */
  get duration(): number {
    const { duration, seekable } = this.video;
    if (Number.isFinite(duration)) return duration;
    return seekable.length > 0 ? seekable.end(seekable.length - 1) : 0;
  }

  /** When the picture was taken: milliseconds since 1970; null while it is not known, and where the browser plays HLS by itself. */
  get utc(): number | null {
    return utcAt(this.playlist, this.currentTime);
  }

  /** Seeks to the picture of that time. */
  set utc(at: number) {
    const seconds = secondsAt(this.playlist, at);
    if (seconds !== null) this.currentTime = seconds;
  }

  /** The times of the first and the last picture; null while they are not known. */
  get utcRange(): { readonly from: number; readonly to: number } | null {
    const [from, to] = [utcAt(this.playlist, 0), utcAt(this.playlist, this.duration)];
    return from === null || to === null ? null : { from, to };
  }

  /** What it is doing; `connecting` until the first frame, where it plays by itself. */
  get state(): ReplayState {
    const phase = this.phase();
    return phase === "starting" ? "connecting" : phase;
  }

  /** Shown beside the clock. */
  get chapters(): readonly Chapter[] {
    return this.chapterList;
  }

  set chapters(chapters: readonly Chapter[]) {
    this.chapterList = chapters;
    this.render();
  }

  connectedCallback(): void {
    if (!this.hasAttribute("tabindex")) this.tabIndex = 0;
    this.setAttribute("role", "region");
    this.createControls();
    this.tickTimer = window.setInterval(() => this.tick(), TICK_MS);
    this.stopListening = onLeave(() => this.save());
    this.#watermark.update();
    this.open();
    this.reporter.start();
  }

  disconnectedCallback(): void {
    this.reporter.stop();
    clearInterval(this.tickTimer);
    this.idleTimer.stop();
    this.stopListening?.();
    this.save();
    this.#watermark.close();
    this.close();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.isConnected) return;
    if (name.startsWith("watermark")) this.#watermark.update();
    else if (name === "src") this.changeSource(before ?? "", now ?? "");
    else this.createControls();
  }

  /** Plays where it is. The browser may refuse sound before a touch; the button to play stays then. */
  play(): void {
    this.isHeld = false;
    this.video.play().catch((error: DOMException) => {
      // Without a touch the browser refuses to play with sound; the play button stays.
      if (error.name !== "NotAllowedError") this.fail("network", String(error));
    });
  }

  pause(): void {
    this.isHeld = true;
    this.video.pause();
    this.render();
  }

  /** A renewed link to the same recording goes on where it is. */
  private changeSource(before: string, now: string): void {
    const goesOn = isRenewedLink(before, now);
    this.leftAt = goesOn ? this.position : null;
    if (!goesOn) this.wantedAt = null;
    this.isHeld &&= goesOn;
    this.open();
  }

  private open(): void {
    this.close();
    if (this.#watermark.isTampered) return;
    const src = this.getAttribute("src") ?? "";
    this.problem = null;
    this.hasFirstFrame = false;
    this.openedAt = performance.now();
    this.render();
    if (src === "") return;
    const opening = ++this.opening;
    if (!hasMediaSource()) {
      this.video.src = src;
      return;
    }
    loadHls().then(
      (Hls) => opening === this.opening && this.load(Hls, src),
      (error: unknown) => opening === this.opening && this.fail("network", String(error)),
    );
  }

  private load(Hls: HlsLibrary, src: string): void {
    const hls = new Hls({ ...CONFIGURATION, startPosition: this.startPosition() ?? -1 });
    this.hls = hls;
    this.change = new TrackChange(Hls, hls);
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (!data.fatal || hls !== this.hls || this.change?.isSeen) return;
      if (data.type === Hls.ErrorTypes.MEDIA_ERROR) return hls.recoverMediaError();
      const status = data.response?.code ?? 0;
      this.fail(status >= 400 ? problemFromStatus(status) : "network", data.details);
    });
    hls.on(Hls.Events.LEVEL_UPDATED, (_event, { details }) => {
      if (hls === this.hls) this.playlist = details;
    });
    hls.loadSource(new URL(src, location.href).href);
    hls.attachMedia(this.video);
  }

  /** Goes on where the recording has other tracks. */
  private followChange(): void {
    const place = this.change?.placeBehind(this.video);
    if (place == null) return;
    this.goesOn = !this.video.paused;
    this.leftAt = place;
    this.open();
  }

  private close(): void {
    clearTimeout(this.retryTimer);
    this.opening++;
    this.hls?.destroy();
    this.hls = null;
    this.change = null;
    this.playlist = null;
    this.video.removeAttribute("src");
  }

  /** Where playback is, or was before it failed; null before it began. */
  private get position(): number | null {
    return this.hasFirstFrame && this.problem === null ? this.video.currentTime : this.leftAt;
  }

  private fail(problem: Problem, detail: string): void {
    this.emit("lectern-problem", { problem, detail });
    this.leftAt = this.position;
    this.close();
    this.problem = problem;
    this.render();
    // A recording that is not there does not come.
    if (!isTransient(problem) || problem === "not-live") return;
    const delay = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** this.retries++);
    this.retryTimer = window.setTimeout(() => this.open(), delay);
  }

  private phase() {
    const { problem, video, hasFirstFrame } = this;
    if (problem !== null) return isTransient(problem) ? "reconnecting" : "failed";
    if (video.ended) return "ended";
    if (!hasFirstFrame && this.hasAttribute("autoplay") && !this.isHeld) return "starting";
    return video.paused ? "paused" : "playing";
  }

  private stopForGood(): void {
    this.close();
    this.problem = "tampered";
    this.render();
  }

  private onFirstFrame(): void {
    this.retries = 0;
    if (!this.hasFirstFrame) {
      this.hasFirstFrame = true;
      this.emit("lectern-first-frame", { milliseconds: performance.now() - this.openedAt });
    }
    if ((this.hasAttribute("autoplay") || this.goesOn) && !this.isHeld) this.play();
    this.goesOn = false;
  }

  /** Where to start: at the attribute, or where the viewer left. */
  private startPosition(): number | null {
    if (this.leftAt !== null) return this.leftAt;
    const start = this.getAttribute("start");
    if (start !== null && Number.isFinite(Number(start))) return Math.max(0, Number(start));
    return savedPosition(browserStorage(), this.getAttribute("resume") ?? "");
  }

  /** The browser's own HLS has no start position to set, and the library's is set before somebody wants another one. */
  private seekToStart(): void {
    const start = this.wantedAt ?? (this.hls ? null : this.startPosition());
    this.wantedAt = null;
    if (start !== null && start < this.duration) this.video.currentTime = start;
    this.render();
  }

  private save(): void {
    const name = this.getAttribute("resume");
    // Before its first frame the player is not where it is to begin.
    if (name === null || this.duration === 0 || !this.hasFirstFrame || this.problem !== null) return;
    this.savedAt = performance.now();
    this.emit("lectern-place", { seconds: savePosition(browserStorage(), name, this.video.currentTime, this.duration) });
  }

  private tick(): void {
    if (!this.video.paused && performance.now() - this.savedAt > SAVE_INTERVAL_MS) this.save();
    this.emit("lectern-time", { seconds: this.currentTime });
    this.followChange();
    this.render();
  }

  private togglePlay(): void {
    if (this.video.paused) this.play();
    else this.pause();
    this.idleTimer.restart();
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.composedPath()[0];
    const action = replayKeyAction(event, target !== this && target !== this.bar?.seekBar, this.actions);
    if (!action) return;
    event.preventDefault();
    action();
    this.idleTimer.restart();
  }

  /** Creates the controls again in the language that holds now. */
  private createControls(): void {
    this.messages = messagesFor(this.lang || document.documentElement.lang || navigator.language);
    this.setAttribute("aria-label", this.messages.replay);
    this.bar?.root.remove();
    this.bar = new ReplayControls(this.messages, {
      ...this.actions,
      seek: (seconds) => {
        this.currentTime = seconds;
      },
      retry: () => this.open(),
      setSpeed: (rate) => {
        this.video.playbackRate = rate;
      },
      duration: () => this.duration,
      previewUrl: (seconds) => previewUrl(this.playlist, seconds),
    });
    this.shadowRoot?.append(this.bar.root);
    this.idleTimer.restart();
    this.render();
  }

  private render(): void {
    const { video, messages, problem, state } = this;
    const told = `${state} ${problem}`;
    if (told !== this.told) this.emit("lectern-state", { state, problem });
    this.told = told;
    const isBuffering = video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !video.paused && this.hasFirstFrame;
    this.bar?.show({
      playing: !video.paused,
      muted: video.muted,
      seconds: video.currentTime,
      duration: this.duration,
      speed: video.playbackRate,
      chapters: this.chapterList,
      status: problem ? problemText(messages, problem) : isBuffering ? messages.buffering : null,
      canRetry: problem !== null && problem !== "tampered",
    });
  }
}

/** Of a recording, nothing is "not live yet". */
function problemText({ problems, noRecording }: PlayerMessages, problem: Problem): string {
  return problem === "not-live" ? noRecording : problems[problem];
}

if (globalThis.customElements && !customElements.get("lectern-replay")) customElements.define("lectern-replay", LecternReplay);
