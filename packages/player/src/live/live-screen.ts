/**
 * Defines what the live player shows over the picture: controls, status line, the sign of sound alone, in the language that holds now; and what hides
 * the controls when nobody moves.
 */
import { IdleTimer } from "../controls/idle-timer.ts";
import * as media from "../controls/media-actions.ts";
import { messagesFor, type PlayerMessages } from "../controls/messages.ts";
import type { PlayerState } from "../element/player-states.ts";
import type { Quality } from "../engines/engine.ts";
import type { Problem } from "../engines/problem.ts";
import { type LiveControlActions, LiveControls } from "./live-controls.ts";
import type { Silence } from "./silence-watch.ts";
import { SoundOnlySign } from "./sound-only-sign.ts";
import type { StallLog } from "./stall-log.ts";
import { statusMessage } from "./status-message.ts";

/** A picture that stands still for longer is not called live. */
const NOT_LIVE_AFTER_MS = 1000;
/** What is said of a picture that plays changes slowly. */
const LIVE_EVERY_MS = 1000;

export type ScreenState = {
  readonly state: PlayerState;
  readonly problem: Problem | null;
  /** As `PlayerStatistics.delay`. */
  readonly delay: number | null;
  readonly stalls: StallLog;
  readonly silence: Silence | null;
  /** As `StatusInput.awayMs`. */
  readonly awayMs: number | null;
  readonly loadedAt: number;
  readonly hasShownFrame: boolean;
  /** Nothing is played any more, whatever is pressed. */
  readonly isOver: boolean;
  readonly quality: Quality | null;
  readonly offersSound: boolean;
  /** For how long the sound, which could not be decoded, has been left out; null: it is played. */
  readonly soundLeftOutMs: number | null;
};

export class LiveScreen {
  private readonly player: HTMLElement;
  private readonly video: HTMLVideoElement;
  private readonly actions: LiveControlActions;
  private readonly onStatus: (status: string | null) => void;
  private readonly sign = new SoundOnlySign();
  private readonly idleTimer: IdleTimer;
  private language = navigator.language;
  private messages: PlayerMessages = messagesFor(this.language);
  private controls: LiveControls | null = null;
  private isLive = false;
  private shownAt = 0;
  private status: string | null = null;

  /** @param onStatus another line stands over the picture, or none */
  constructor(
    player: HTMLElement,
    video: HTMLVideoElement,
    actions: LiveControlActions,
    onStatus: (status: string | null) => void,
  ) {
    this.onStatus = onStatus;
    this.player = player;
    this.video = video;
    this.actions = actions;
    this.idleTimer = new IdleTimer(player, () => this.isLive);
    video.addEventListener("click", this.awake);
    player.addEventListener("pointermove", this.awake);
  }

  /** Beside the picture, behind the controls. */
  get under(): HTMLElement {
    return this.sign.root;
  }

  /** Shows the controls for a while. */
  readonly awake = (): void => this.idleTimer.restart();

  /** Creates the controls again in the language that holds now. */
  create(root: ShadowRoot | null, isHidden: boolean): void {
    const { player } = this;
    this.language = player.lang || document.documentElement.lang || navigator.language;
    this.messages = messagesFor(this.language);
    player.setAttribute("aria-label", this.messages.player);
    this.controls?.root.remove();
    this.controls = null;
    if (isHidden) return;
    this.controls = new LiveControls(this.messages, this.actions);
    root?.append(this.controls.root);
    this.idleTimer.restart();
  }

  /** Whether what is shown may have changed by time alone. */
  isDue(isStalled: boolean): boolean {
    return !this.isLive || isStalled || performance.now() - this.shownAt >= LIVE_EVERY_MS;
  }

  show(screen: ScreenState): void {
    const { state, problem, delay, stalls, silence, awayMs, loadedAt, hasShownFrame, isOver, quality, offersSound } = screen;
    const now = performance.now();
    this.isLive = state === "live";
    this.shownAt = now;
    const stallMs = stalls.openMs(now);
    const status = statusMessage(this.messages, {
      state,
      problem,
      hasShownFrame,
      stallMs,
      silence,
      awayMs,
      soundLeftOutMs: screen.soundLeftOutMs,
      msSinceLoad: now - loadedAt,
    });
    this.controls?.show({
      playing: state !== "paused" && state !== "failed" && state !== "idle",
      ...media.shownMedia(this.player, this.video),
      behind: delay,
      showsDelay: this.player.getAttribute("latency") === "realtime",
      standstill:
        problem === "picture-undecodable" ? "publisher" : (silence?.cause ?? (stallMs > NOT_LIVE_AFTER_MS ? "unknown" : null)),
      connection: this.isLive ? stalls.rating(now) : null,
      status,
      canRetry: state === "failed" && !isOver,
      quality,
      offersSound: offersSound && this.video.muted && this.isLive,
    });
    this.sign.show(this.messages, quality?.soundOnly ?? null);
    if (status !== this.status) this.onStatus(status);
    this.status = status;
  }

  /** It is shown no more, for now. */
  stop(): void {
    this.idleTimer.stop();
  }
}
