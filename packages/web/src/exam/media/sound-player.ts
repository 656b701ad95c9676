/**
 * Plays sound of a paper as often as it may be played: a play counts once it is heard, and goes on where it was after a reload of the page. It goes on while the
 * candidate looks at other questions; one sound plays at a time.
 */
import type { Sound } from "@lectern/exam";

export type SoundState = {
  readonly isPlaying: boolean;
  /** Null: as often as they like. */
  readonly left: number | null;
  /** A play was interrupted, and goes on without counting again. */
  readonly canContinue: boolean;
  readonly seconds: number;
  /** 0: not known yet. */
  readonly duration: number;
  readonly hasFailed: boolean;
};

/** What is needed of `HTMLAudioElement`. */
export type PlayedAudio = Pick<
  HTMLAudioElement,
  "src" | "currentTime" | "duration" | "paused" | "play" | "pause" | "addEventListener"
>;

export type SoundPlayerParts = {
  readonly urlOf: (file: string) => string | null;
  /** How often the candidate has played it, on any device. */
  readonly playsOf: (file: string) => number;
  readonly onPlayed: (file: string) => void;
  /** Where a play was interrupted. */
  readonly positions: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  readonly newAudio: () => PlayedAudio;
};

/** Of what is left of an interrupted play, so little is nothing. */
const END_SECONDS = 0.5;

export class SoundPlayer {
  private readonly parts: SoundPlayerParts;
  private readonly listeners = new Set<() => void>();
  private audio: PlayedAudio | null = null;
  private current: Sound | null = null;
  /** A play has begun that is not counted yet. */
  private isFresh = false;
  private isHeld = false;
  private hasFailed = false;
  private changes = 0;

  constructor(parts: SoundPlayerParts) {
    this.parts = parts;
  }

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  /** Changes with each change. */
  readonly snapshot = (): number => this.changes;

  stateOf(sound: Sound): SoundState {
    const { file, plays } = sound;
    const isCurrent = this.current?.file === file;
    const isPlaying = isCurrent && this.audio !== null && !this.audio.paused;
    const position = this.positionOf(file);
    const duration = isCurrent && Number.isFinite(this.audio?.duration) ? (this.audio?.duration ?? 0) : 0;
    return {
      isPlaying,
      left: plays === undefined ? null : Math.max(0, plays - this.parts.playsOf(file)),
      canContinue: !isPlaying && position > 0,
      seconds: isPlaying ? (this.audio?.currentTime ?? 0) : position,
      duration,
      hasFailed: isCurrent && this.hasFailed,
    };
  }

  /** Begins, or goes on. Called when the person presses something: browsers play no sound by themselves. */
  play(sound: Sound): void {
    const url = this.parts.urlOf(sound.file);
    const { canContinue, left, isPlaying } = this.stateOf(sound);
    if (url === null || this.isHeld || isPlaying || (!canContinue && left === 0)) return;
    this.stop();
    this.current = sound;
    this.isFresh = !canContinue;
    this.hasFailed = false;
    this.audio ??= this.opened();
    this.audio.src = url;
    this.audio.currentTime = canContinue ? this.positionOf(sound.file) : 0;
    void this.resume();
  }

  /** The clock stands, or runs again. */
  hold(isHeld: boolean): void {
    if (this.isHeld === isHeld) return;
    this.isHeld = isHeld;
    if (isHeld) this.audio?.pause();
    else if (this.current && this.positionOf(this.current.file) > 0) void this.resume();
  }

  close(): void {
    this.stop();
    this.listeners.clear();
  }

  private stop(): void {
    this.audio?.pause();
  }

  private async resume(): Promise<void> {
    try {
      await this.audio?.play();
    } catch {
      // What another sound interrupts has not failed.
      if (this.audio?.paused && !this.isHeld) this.hasFailed = true;
    }
    this.tell();
  }

  private opened(): PlayedAudio {
    const audio = this.parts.newAudio();
    audio.addEventListener("playing", () => this.count());
    audio.addEventListener("timeupdate", () => this.note());
    audio.addEventListener("pause", () => this.tell());
    audio.addEventListener("ended", () => this.finish());
    audio.addEventListener("error", () => {
      this.hasFailed = true;
      this.tell();
    });
    return audio;
  }

  private count(): void {
    if (this.isFresh && this.current) this.parts.onPlayed(this.current.file);
    this.isFresh = false;
    this.tell();
  }

  private note(): void {
    const { audio, current } = this;
    if (!audio || !current || audio.currentTime === 0) return;
    if (audio.duration - audio.currentTime < END_SECONDS) this.parts.positions.removeItem(current.file);
    else this.parts.positions.setItem(current.file, audio.currentTime.toFixed(1));
    this.tell();
  }

  private finish(): void {
    if (this.current) this.parts.positions.removeItem(this.current.file);
    this.tell();
  }

  private positionOf(file: string): number {
    const seconds = Number(this.parts.positions.getItem(file) ?? 0);
    return Number.isFinite(seconds) ? seconds : 0;
  }

  private tell(): void {
    this.changes++;
    for (const listener of this.listeners) listener();
  }
}
