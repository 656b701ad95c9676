/**
 * Defines what quality a viewer wants, and what this device can play: the choice in the menu, which the device remembers, the rung that automatic
 * quality found a moment ago, and whether pictures or sound could not be decoded. All times are milliseconds of one monotonic clock.
 */
import type { BrowserStorage } from "../controls/browser-storage.ts";
import type { EngineStart, Quality } from "../engines/engine.ts";
import type { Problem } from "../engines/problem.ts";
import { SoundFaults } from "./sound-faults.ts";

const KEY = "lectern.quality";
/** After a reconnect within this, automatic quality begins where it was. */
const RECENT_MS = 60_000;
/** Pictures that fail so often within this cannot be decoded. */
const FAULTS = { count: 3, withinMs: 60_000 } as const;

export class RungPreference {
  private readonly storage: BrowserStorage;
  private label: string | null;
  private last: { readonly label: string; readonly at: number } | null = null;
  private faultsAt: readonly number[] = [];
  private isChosen = false;
  readonly sound = new SoundFaults();

  constructor(storage: BrowserStorage) {
    this.storage = storage;
    this.label = storage.getItem(KEY);
  }

  /** The rung to begin with on a device that remembers none; null: automatic. Ignored once a person has chosen. */
  setInitial(label: string | null): void {
    if (this.isChosen) return;
    this.label = this.storage.getItem(KEY) ?? label;
  }

  /** How an engine is to begin. */
  start(now: number): Pick<EngineStart, "chosen" | "first" | "isUndecodable" | "soundLeftOutUntil"> {
    const isRecent = this.last !== null && now - this.last.at < RECENT_MS;
    this.faultsAt = this.faultsAt.filter((at) => now - at < FAULTS.withinMs);
    return {
      chosen: this.label,
      first: isRecent ? (this.last?.label ?? null) : null,
      isUndecodable: this.faultsAt.length >= FAULTS.count,
      soundLeftOutUntil: this.sound.leftOutUntil(now),
    };
  }

  /** @param label null for automatic */
  choose(label: string | null): void {
    this.isChosen = true;
    this.label = label;
    this.last = null;
    this.faultsAt = [];
    if (label === null) this.storage.removeItem(KEY);
    else this.storage.setItem(KEY, label);
  }

  /** An engine has changed to another rung. The largest one needs no memory: it is the usual beginning. */
  notePlaying({ rungs, playing, chosen, soundOnly }: Quality, now: number): void {
    const isLower = chosen === null && soundOnly === null && playing !== null && playing !== rungs[0]?.label;
    this.last = isLower ? { label: playing, at: now } : null;
  }

  /** @param detail as the browser words it @returns whether it was the sound, which another server or engine has too */
  noteProblem(problem: Problem, now: number, detail = ""): boolean {
    const isOfSound = problem === "decoder" && this.sound.note(detail, now);
    if (problem === "decoder" && !isOfSound) this.faultsAt = [...this.faultsAt, now];
    // A rung that was shown when the connection broke is still the right one.
    if (this.last) this.last = { ...this.last, at: now };
    return isOfSound;
  }
}
