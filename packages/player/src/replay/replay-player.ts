/**
 * `<lectern-replay>`: plays what was recorded, or what was live a while ago, with a bar to seek in.
 *
 * Attributes: `src` (an address of HLS), `start` (seconds to begin at), `resume` (a name under which the place is remembered on this
 * device), `autoplay`, `lang`. Properties: `currentTime`, `duration`, `chapters`. Events: `lectern-time` four times a second,
 * `lectern-first-frame`, `lectern-problem` with `{ problem, detail }`, and with `resume` `lectern-place` with `{ seconds }` now and then: where
 * somebody would go on, 0 where that is the beginning.
 */
import { formatDuration } from "../controls/format-duration.ts";
import { messagesFor, type PlayerMessages } from "../controls/messages.ts";
import { playerStyle } from "../controls/style.ts";
import { element, ICONS, iconButton, setIcon, setLabel, setText, textButton } from "../controls/widgets.ts";
import { type Library, loadLibrary } from "../engines/hls-engine.ts";
import { type Problem, problemFromStatus } from "../engines/problem.ts";
import { type PreviewSource, previewName, SeekPreview } from "./seek-preview.ts";

export type Chapter = { readonly seconds: number; readonly title: string };

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const LOOK_EVERY_MS = 250;
const SAVE_EVERY_MS = 5000;
/** What was seen to so near its beginning or end is begun afresh. */
const WORTH_RESUMING_SECONDS = 10;
const IDLE_AFTER_MS = 3000;
const STEP_SECONDS = { arrow: 5, jump: 10 } as const;
const RETRY_MS = 3000;

/** What is asked of hls.js's level details. */
type Playlist = {
  readonly url: string;
  readonly fragments: readonly { readonly start: number; readonly programDateTime: number | null }[];
};

const CONFIGURATION = { enableWorker: false, lowLatencyMode: false, backBufferLength: 60, maxBufferLength: 30 };

export class LecternReplay extends HTMLElement {
  static readonly observedAttributes = ["src", "lang"];

  private readonly video = document.createElement("video");
  private words: PlayerMessages = messagesFor(navigator.language);
  private hls: InstanceType<Library> | null = null;
  private playlist: Playlist | null = null;
  private bar: Bar | null = null;
  private marks: readonly Chapter[] = [];
  private problem: Problem | null = null;
  private opening = 0;
  private timer = 0;
  private retryTimer = 0;
  private idleTimer = 0;
  private savedAt = 0;
  private begunAt = 0;
  private shown = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [playerStyle()];
    this.video.playsInline = true;
    root.append(this.video);
    this.video.addEventListener("loadedmetadata", () => this.seekToStart());
    this.video.addEventListener("loadeddata", () => this.onFirstFrame());
    this.video.addEventListener("click", () => this.toggle());
    for (const event of [
      "play",
      "pause",
      "volumechange",
      "ratechange",
      "seeking",
      "seeked",
      "durationchange",
      "waiting",
      "playing",
    ])
      this.video.addEventListener(event, () => this.render());
    this.addEventListener("pointermove", () => this.wake());
    this.addEventListener("keydown", (event) => this.onKey(event));
  }

  get currentTime(): number {
    return this.video.currentTime;
  }

  set currentTime(seconds: number) {
    this.video.currentTime = Math.max(0, Math.min(seconds, this.duration));
    this.render();
  }

  /** Seconds; 0 while it is not known. */
  get duration(): number {
    const { duration, seekable } = this.video;
    if (Number.isFinite(duration)) return duration;
    return seekable.length > 0 ? seekable.end(seekable.length - 1) : 0;
  }

  get chapters(): readonly Chapter[] {
    return this.marks;
  }

  set chapters(chapters: readonly Chapter[]) {
    this.marks = chapters;
    this.render();
  }

  connectedCallback(): void {
    if (!this.hasAttribute("tabindex")) this.tabIndex = 0;
    this.setAttribute("role", "region");
    this.speak();
    this.timer = window.setInterval(() => this.look(), LOOK_EVERY_MS);
    this.open();
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
    clearTimeout(this.idleTimer);
    this.save();
    this.close();
  }

  attributeChangedCallback(name: string): void {
    if (!this.isConnected) return;
    if (name === "src") this.open();
    else this.speak();
  }

  play(): void {
    this.video.play().catch((error: DOMException) => {
      // Without a touch there may be no sound; the button waits for one.
      if (error.name !== "NotAllowedError") this.fail("network", String(error));
    });
  }

  pause(): void {
    this.video.pause();
  }

  private open(): void {
    this.close();
    const src = this.getAttribute("src") ?? "";
    this.problem = null;
    this.shown = false;
    this.begunAt = performance.now();
    this.render();
    if (src === "") return;
    const opening = ++this.opening;
    if (!("MediaSource" in window) && !("ManagedMediaSource" in window)) {
      this.video.src = src;
      return;
    }
    loadLibrary().then(
      (Hls) => opening === this.opening && this.load(Hls, src),
      (error: unknown) => opening === this.opening && this.fail("network", String(error)),
    );
  }

  private load(Hls: Library, src: string): void {
    const hls = new Hls({ ...CONFIGURATION, startPosition: this.startAt() ?? -1 });
    this.hls = hls;
    hls.on(Hls.Events.ERROR, (_event, data) => {
      if (!data.fatal || hls !== this.hls) return;
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

  private close(): void {
    clearTimeout(this.retryTimer);
    this.opening++;
    this.hls?.destroy();
    this.hls = null;
    this.playlist = null;
    this.video.removeAttribute("src");
  }

  private fail(problem: Problem, detail: string): void {
    this.dispatchEvent(new CustomEvent("lectern-problem", { detail: { problem, detail }, bubbles: true }));
    const at = this.video.currentTime;
    this.close();
    this.problem = problem;
    this.render();
    if (problem !== "network") return;
    this.retryTimer = window.setTimeout(() => {
      if (at > 0) this.setAttribute("start", String(at));
      this.open();
    }, RETRY_MS);
  }

  private onFirstFrame(): void {
    if (!this.shown) {
      this.shown = true;
      const milliseconds = performance.now() - this.begunAt;
      this.dispatchEvent(new CustomEvent("lectern-first-frame", { detail: { milliseconds }, bubbles: true }));
    }
    if (this.hasAttribute("autoplay")) this.play();
  }

  /** Where to begin: what the page says, or where somebody has left. */
  private startAt(): number | null {
    const asked = this.getAttribute("start");
    if (asked !== null && Number.isFinite(Number(asked))) return Math.max(0, Number(asked));
    const saved = Number(localStorage.getItem(this.key()) ?? 0);
    return saved > WORTH_RESUMING_SECONDS ? saved : null;
  }

  /** For the browser's own HLS, which takes no place to begin at. */
  private seekToStart(): void {
    const start = this.startAt();
    if (!this.hls && start !== null && start < this.duration) this.video.currentTime = start;
    this.render();
  }

  /** The small picture of a time, where the playlist says when that was. */
  private pictureAt(seconds: number): string | null {
    const { playlist } = this;
    const fragment = playlist?.fragments.findLast(({ start }) => start <= seconds) ?? playlist?.fragments[0];
    if (!playlist || !fragment?.programDateTime) return null;
    const utc = fragment.programDateTime + Math.max(0, seconds - fragment.start) * 1000;
    return new URL(previewName(utc), playlist.url).href;
  }

  private key(): string {
    return `lectern.at.${this.getAttribute("resume") ?? ""}`;
  }

  private save(): void {
    if (!this.hasAttribute("resume") || this.duration === 0) return;
    this.savedAt = performance.now();
    const { currentTime } = this.video;
    const isWorthIt = currentTime > WORTH_RESUMING_SECONDS && currentTime < this.duration - WORTH_RESUMING_SECONDS;
    if (isWorthIt) localStorage.setItem(this.key(), currentTime.toFixed(1));
    else localStorage.removeItem(this.key());
    const seconds = isWorthIt ? currentTime : 0;
    this.dispatchEvent(new CustomEvent("lectern-place", { detail: { seconds }, bubbles: true }));
  }

  private look(): void {
    if (!this.video.paused && performance.now() - this.savedAt > SAVE_EVERY_MS) this.save();
    this.dispatchEvent(new CustomEvent("lectern-time", { detail: { seconds: this.currentTime }, bubbles: true }));
    this.render();
  }

  private toggle(): void {
    if (this.video.paused) this.play();
    else this.pause();
    this.wake();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isOnThis = event.composedPath()[0] === this;
    const isOnBar = event.composedPath()[0] === this.bar?.seek;
    const actions: Readonly<Record<string, () => void>> = {
      ...(isOnThis || isOnBar ? { " ": () => this.toggle() } : {}),
      k: () => this.toggle(),
      ...(isOnThis || isOnBar
        ? { ArrowLeft: () => this.skip(-STEP_SECONDS.arrow), ArrowRight: () => this.skip(STEP_SECONDS.arrow) }
        : {}),
      j: () => this.skip(-STEP_SECONDS.jump),
      l: () => this.skip(STEP_SECONDS.jump),
      m: () => this.mute(),
      f: () => this.fullScreen(),
      "<": () => this.faster(-1),
      ">": () => this.faster(1),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
    this.wake();
  }

  private skip(seconds: number): void {
    this.currentTime += seconds;
  }

  private faster(step: number): void {
    const at = SPEEDS.indexOf(this.video.playbackRate);
    this.video.playbackRate = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, (at < 0 ? 2 : at) + step))] ?? 1;
  }

  private mute(): void {
    this.video.muted = !this.video.muted;
  }

  private fullScreen(): void {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void this.requestFullscreen?.().catch(() => {});
  }

  private wake(): void {
    this.removeAttribute("idle");
    clearTimeout(this.idleTimer);
    this.idleTimer = window.setTimeout(() => {
      if (!this.video.paused) this.setAttribute("idle", "");
    }, IDLE_AFTER_MS);
  }

  private speak(): void {
    this.words = messagesFor(this.lang || document.documentElement.lang || navigator.language);
    this.setAttribute("aria-label", this.words.replay);
    this.bar?.root.remove();
    this.bar = new Bar(this.words, {
      toggle: () => this.toggle(),
      skip: (seconds) => this.skip(seconds),
      seek: (seconds) => {
        this.currentTime = seconds;
      },
      speed: (rate) => {
        this.video.playbackRate = rate;
      },
      mute: () => this.mute(),
      fullScreen: () => this.fullScreen(),
      duration: () => this.duration,
      pictureAt: (seconds) => this.pictureAt(seconds),
    });
    this.shadowRoot?.append(this.bar.root);
    this.wake();
    this.render();
  }

  private render(): void {
    const { video, words, problem } = this;
    const waits = video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !video.paused && this.shown;
    this.bar?.show({
      playing: !video.paused,
      muted: video.muted,
      seconds: video.currentTime,
      duration: this.duration,
      speed: video.playbackRate,
      chapters: this.marks,
      status: problem ? words.problems[problem] : waits ? words.waitingForPicture : null,
    });
  }
}

type BarState = {
  readonly playing: boolean;
  readonly muted: boolean;
  readonly seconds: number;
  readonly duration: number;
  readonly speed: number;
  readonly chapters: readonly Chapter[];
  readonly status: string | null;
};

type BarActions = PreviewSource & {
  readonly toggle: () => void;
  readonly skip: (seconds: number) => void;
  readonly seek: (seconds: number) => void;
  readonly speed: (rate: number) => void;
  readonly mute: () => void;
  readonly fullScreen: () => void;
};

/** The controls. */
class Bar {
  readonly root: HTMLElement;
  readonly seek: HTMLInputElement;
  private readonly words: PlayerMessages;
  private readonly playButton: HTMLButtonElement;
  private readonly muteButton: HTMLButtonElement;
  private readonly clock: HTMLElement;
  private readonly speed: HTMLSelectElement;
  private readonly status: HTMLElement;
  private readonly statusText: HTMLElement;
  private readonly chapter: HTMLElement;
  private held = false;

  constructor(words: PlayerMessages, actions: BarActions) {
    this.words = words;
    this.playButton = iconButton("play", ICONS.play, actions.toggle);
    this.muteButton = iconButton("mute", ICONS.sound, actions.mute);
    const back = textButton("skip", "−10", () => actions.skip(-STEP_SECONDS.jump));
    setLabel(back, words.back);
    const forward = textButton("skip", "+10", () => actions.skip(STEP_SECONDS.jump));
    setLabel(forward, words.forward);
    const full = iconButton("full", ICONS.full, actions.fullScreen);
    full.dataset["outline"] = "";
    setLabel(full, words.fullScreen);
    this.seek = document.createElement("input");
    Object.assign(this.seek, { type: "range", min: "0", step: "0.1", className: "seek" });
    this.seek.setAttribute("aria-label", words.seek);
    this.seek.addEventListener("pointerdown", () => {
      this.held = true;
    });
    this.seek.addEventListener("change", () => {
      this.held = false;
      actions.seek(this.seek.valueAsNumber);
    });
    this.clock = element("span", "clock");
    this.chapter = element("span", "chapter");
    this.speed = document.createElement("select");
    this.speed.className = "quality";
    this.speed.setAttribute("aria-label", words.speed);
    this.speed.append(...SPEEDS.map((rate) => new Option(`${rate}×`, String(rate))));
    this.speed.addEventListener("change", () => actions.speed(Number(this.speed.value)));
    this.statusText = element("span", "");
    this.statusText.setAttribute("role", "status");
    this.status = element("div", "status");
    this.status.append(this.statusText);
    const row = element("div", "row");
    row.append(this.playButton, back, forward, this.muteButton, this.clock, this.chapter, this.speed, full);
    const bar = element("div", "bar tall");
    bar.append(new SeekPreview(this.seek, actions).root, this.seek, row);
    this.root = element("div", "controls");
    this.root.append(this.status, bar);
  }

  show({ playing, muted, seconds, duration, speed, chapters, status }: BarState): void {
    const { words } = this;
    setIcon(this.playButton, playing ? ICONS.pause : ICONS.play);
    setLabel(this.playButton, playing ? words.pause : words.play);
    setIcon(this.muteButton, muted ? ICONS.silent : ICONS.sound);
    setLabel(this.muteButton, muted ? words.unmute : words.mute);
    this.seek.max = String(duration);
    if (!this.held) this.seek.value = String(seconds);
    this.seek.setAttribute("aria-valuetext", `${formatDuration(seconds)} / ${formatDuration(duration)}`);
    setText(this.clock, `${formatDuration(seconds)} / ${formatDuration(duration)}`);
    setText(this.chapter, chapters.findLast((one) => one.seconds <= seconds + 0.01)?.title ?? "");
    if (this.speed.value !== String(speed)) this.speed.value = String(speed);
    this.status.hidden = status === null;
    setText(this.statusText, status ?? "");
  }
}

if (!customElements.get("lectern-replay")) customElements.define("lectern-replay", LecternReplay);
