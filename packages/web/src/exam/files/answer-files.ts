/** Holds the files that answer questions of an attempt: takes new ones, keeps them on the device, sends them one after the other, and fetches what another device has sent. */
import { after } from "../../schedule/after.ts";
import { DoorRefusal } from "../attempt/exam-types.ts";
import type { FileStore, KeptFile } from "./file-store.ts";
import { type PieceDoor, sendFile } from "./send-file.ts";

/**
 * waiting: it is on this device, and goes to the server. stored: the server has it. refused: the server does not take it. late: it came after the end. absent: neither
 * the server nor this device has it, such as where another device has not sent it yet.
 */
export type FileState = "waiting" | "stored" | "refused" | "late" | "loading" | "absent";
export type AnswerFile = {
  readonly id: string;
  readonly state: FileState;
  /** Of the content, for an element that shows it; null: it is not here. */
  readonly url: string | null;
  readonly content: Blob | null;
  /** What the server said; empty: nothing. */
  readonly message: string;
};

/** What an attempt tells and is told. */
export type FileHooks = {
  /** Milliseconds since 1970. */
  readonly endsAt: () => number | null;
  readonly onAway: (isAway: boolean) => void;
  /** The attempt goes on no more here. */
  readonly onRefused: (refusal: DoorRefusal) => void;
  readonly onChange: () => void;
};

export type AnswerFilesParts = FileHooks & {
  readonly attempt: string;
  readonly store: FileStore;
  readonly door: PieceDoor;
  /** The content of an own file at the server. Null: it has none. Fails where no answer arrives. */
  readonly fetchFile: (id: string) => Promise<Blob | null>;
  readonly now: () => number;
  readonly elapsed: () => number;
  readonly random: () => number;
};

/** Refusals of the attempt, not of one file. */
const OF_ATTEMPT: readonly string[] = ["exam-seat-taken", "exam-attempt-unknown", "bad-credential"];
const RETRY_FETCH_MS = 5000;
const END_MARGIN_SECONDS = 2;

export class AnswerFiles {
  private readonly parts: AnswerFilesParts;
  private readonly files = new Map<string, AnswerFile>();
  /** Those that the server does not have, in the order in which they were taken. */
  private queue: KeptFile[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly settling = new Set<() => void>();
  private isSending = false;
  private isClosed = false;
  private wake = (): void => {};
  private version = 0;

  constructor(parts: AnswerFilesParts) {
    this.parts = parts;
  }

  /** Goes on with what was kept from before. */
  async start(): Promise<void> {
    const kept = await this.parts.store.load(this.parts.attempt).catch(() => []);
    for (const file of [...kept].sort((a, b) => a.takenAt - b.takenAt)) this.enqueue(file);
    this.changed();
  }

  close(): void {
    this.isClosed = true;
    this.wake();
    for (const settle of this.settling) settle();
    for (const { url } of this.files.values()) if (url !== null) URL.revokeObjectURL(url);
  }

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Changes with each change. */
  readonly snapshot = (): number => this.version;

  get unsent(): number {
    return this.queue.length;
  }

  /** Resolves when the server has all that can be sent. */
  async settled(): Promise<void> {
    while (this.queue.length > 0 && !this.isClosed)
      await new Promise<void>((resolve) => {
        const settle = () => {
          this.settling.delete(settle);
          resolve();
        };
        this.settling.add(settle);
      });
  }

  /** What is recorded ends before the attempt does, so that the answer can name it still. */
  secondsLeft(): number {
    const end = this.parts.endsAt();
    return end === null ? Number.POSITIVE_INFINITY : Math.max(1, (end - this.parts.now()) / 1000 - END_MARGIN_SECONDS);
  }

  networkIsBack(): void {
    this.wake();
  }

  /** @returns the name of the file, for the answer; it is on the device then */
  async add(question: string, content: Blob): Promise<string> {
    const bytes = await content.arrayBuffer();
    const hash = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    const { attempt, now, store } = this.parts;
    const file = { attempt, id: newName(), question, type: content.type, bytes, hash, takenAt: Math.round(now()) };
    await store.put(file);
    this.enqueue(file);
    this.changed();
    return file.id;
  }

  /** The answer names it no more. What the server has stays there. */
  remove(id: string): void {
    this.drop(id);
    const url = this.files.get(id)?.url ?? null;
    if (url !== null) URL.revokeObjectURL(url);
    this.files.delete(id);
    this.changed();
  }

  fileOf(id: string): AnswerFile {
    const known = this.files.get(id);
    if (known) return known;
    const file: AnswerFile = { id, state: "loading", url: null, content: null, message: "" };
    this.files.set(id, file);
    void this.fetch(id);
    return file;
  }

  private async fetch(id: string): Promise<void> {
    while (!this.isClosed && this.files.get(id)?.state === "loading") {
      try {
        const content = await this.parts.fetchFile(id);
        if (this.isClosed || this.files.get(id)?.state !== "loading") return;
        this.set(id, { state: content ? "stored" : "absent", url: content && URL.createObjectURL(content), content });
      } catch {
        await this.rest(RETRY_FETCH_MS);
      }
    }
  }

  private enqueue(file: KeptFile): void {
    const content = new Blob([file.bytes], { type: file.type });
    const url = URL.createObjectURL(content);
    this.files.set(file.id, { id: file.id, state: "waiting", url, content, message: "" });
    this.queue.push(file);
    void this.send();
  }

  private async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    for (let file = this.queue[0]; file && !this.isClosed; file = this.queue[0]) await this.sendOne(file);
    this.isSending = false;
  }

  private async sendOne(file: KeptFile): Promise<void> {
    const { door, elapsed, random, onAway } = this.parts;
    try {
      const isStored = await sendFile(file, door, {
        elapsed,
        random,
        onAway,
        rest: (ms) => this.rest(ms),
        isGivenUp: () => this.isClosed || this.queue[0] !== file,
      });
      if (!isStored) return;
      this.drop(file.id);
      this.set(file.id, { state: "stored" });
    } catch (error) {
      if (!(error instanceof DoorRefusal)) throw error;
      if (OF_ATTEMPT.includes(error.code)) {
        this.isClosed = true;
        for (const settle of this.settling) settle();
        return this.parts.onRefused(error);
      }
      this.drop(file.id);
      this.set(file.id, { state: error.code === "exam-ended" ? "late" : "refused", message: error.message });
    }
  }

  private drop(id: string): void {
    this.queue = this.queue.filter((file) => file.id !== id);
    void this.parts.store.remove(this.parts.attempt, id);
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = after(ms, () => resolve());
      this.wake = () => {
        cancel();
        resolve();
      };
    });
  }

  private set(id: string, changed: Partial<AnswerFile>): void {
    const file = this.files.get(id);
    if (file) this.files.set(id, { ...file, ...changed });
    this.changed();
  }

  private changed(): void {
    this.version++;
    if (this.queue.length === 0) for (const settle of this.settling) settle();
    for (const listener of this.listeners) listener();
    this.parts.onChange();
  }
}

/** 26 digits and letters a to f: 104 bits. */
function newName(): string {
  return hex(crypto.getRandomValues(new Uint8Array(13)));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
