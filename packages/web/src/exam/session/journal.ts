/**
 * Keeps what a candidate has done on this device: each answer and fact with its number, on the device at once, until the server has acknowledged it. An answer that
 * was never sent is replaced by a newer one of its question, so that typing a page makes few entries; what may have been sent keeps its number and its value.
 */
import { type Answer, type AnswerValue, type Fact, SECTION_BEGUN, SOUND_PLAYED } from "@lectern/exam";
import type { Batch } from "../attempt/exam-types.ts";

export type KeptEntry = {
  readonly attempt: string;
  readonly seat: number;
  readonly seq: number;
  readonly entry: Answer | Fact;
};

/** Where entries are kept. What fails there is told by `hasFailed`; answers go to the server all the same. */
export type EntryStore = {
  readonly load: (attempt: string) => Promise<readonly KeptEntry[]>;
  readonly put: (entry: KeptEntry) => void;
  readonly remove: (entries: readonly KeptEntry[]) => void;
  /** Resolves when what was put is on the device. */
  readonly settled: () => Promise<void>;
  readonly hasFailed: () => boolean;
};

export type OwnAnswer = { readonly value: AnswerValue; readonly isMarked: boolean; readonly isSaved: boolean };

/** The door takes that many in a request. */
export const MAX_BATCH = 200;
/** Of its 256 KiB, with room for what stands around. */
export const MAX_BATCH_BYTES = 200_000;
const NOTHING: OwnAnswer = { value: null, isMarked: false, isSaved: true };

export class Journal {
  private readonly store: EntryStore;
  private readonly attempt: string;
  private readonly seat: number;
  /** Not acknowledged, in the order of their numbers. */
  private pending: KeptEntry[] = [];
  /** The newest of each question. */
  private readonly newest = new Map<string, Answer>();
  /** When the candidate began sections that have a time of their own, as far as the server may not know it. */
  readonly begun = new Map<string, number>();
  /** How often sound was played, by its file. */
  private readonly plays: Map<string, number>;
  /** Up to this number, entries may have been sent. */
  private sentUpTo = 0;
  private lastSeq = 0;
  private acknowledged = 0;

  /** @param kept what the device has of this attempt, of this seat and earlier ones; @param server what the server has */
  constructor(
    store: EntryStore,
    { id: attempt, seat }: { readonly id: string; readonly seat: number },
    kept: readonly KeptEntry[],
    server: { readonly answers: readonly Answer[]; readonly seq: number; readonly plays?: Readonly<Record<string, number>> },
  ) {
    this.store = store;
    this.attempt = attempt;
    this.seat = seat;
    for (const answer of server.answers) this.newest.set(answer.question, answer);
    this.plays = new Map(Object.entries(server.plays ?? {}));
    this.acknowledged = server.seq;
    const own = kept.filter((one) => one.seat === seat).sort((a, b) => a.seq - b.seq);
    this.lastSeq = Math.max(server.seq, ...own.map(({ seq }) => seq));
    this.sentUpTo = this.lastSeq;
    this.pending = own.filter(({ seq }) => seq > server.seq);
    for (const { entry } of this.pending) {
      if (isAnswer(entry)) this.newest.set(entry.question, entry);
      else this.takeFact(entry);
    }
    store.remove(kept.filter((one) => one.seat === seat && one.seq <= server.seq));
    this.adopt(kept.filter((one) => one.seat !== seat));
  }

  answerOf(question: string): OwnAnswer {
    const answer = this.newest.get(question);
    if (!answer) return NOTHING;
    const isSaved = !this.pending.some(({ entry }) => isAnswer(entry) && entry.question === question);
    return { value: answer.value, isMarked: answer.isMarked ?? false, isSaved };
  }

  /** How many answers are not acknowledged. */
  unsaved(): number {
    return new Set(this.pending.flatMap(({ entry }) => (isAnswer(entry) ? [entry.question] : []))).size;
  }

  isAllSent(): boolean {
    return this.pending.length === 0;
  }

  /** Whether nothing was written after an entry. @param seq its number; 0: none */
  isLast(seq: number): boolean {
    return this.pending.every((one) => one.seq <= seq);
  }

  write(question: string, value: AnswerValue, isMarked: boolean, writtenAt: number): void {
    const before = this.pending.findLast(({ entry }) => isAnswer(entry) && entry.question === question);
    const replaces = before !== undefined && before.seq > this.sentUpTo;
    const seq = replaces ? before.seq : this.lastSeq + 1;
    this.keep({ seq, question, value, ...(isMarked ? { isMarked } : {}), writtenAt });
  }

  note(kind: Fact["fact"], writtenAt: number, detail?: string): void {
    const fact = { seq: this.lastSeq + 1, fact: kind, writtenAt, ...(detail === undefined ? {} : { detail }) };
    this.takeFact(fact);
    this.keep(fact);
  }

  /** On any device, as far as this one knows. */
  playsOf(file: string): number {
    return this.plays.get(file) ?? 0;
  }

  /** What is sent next; from now on it keeps its numbers and values. Null: everything is acknowledged. */
  nextBatch(): Batch | null {
    const answers: Answer[] = [];
    const facts: Fact[] = [];
    let bytes = 0;
    for (const { seq, entry } of this.pending.slice(0, MAX_BATCH)) {
      bytes += sizeOf(entry);
      if (bytes > MAX_BATCH_BYTES && answers.length + facts.length > 0) break;
      if (isAnswer(entry)) answers.push(entry);
      else facts.push(entry);
      this.sentUpTo = Math.max(this.sentUpTo, seq);
    }
    return answers.length + facts.length > 0 ? { answers, facts } : null;
  }

  /** @param seq the server has all up to this number */
  acknowledge(seq: number): void {
    if (seq <= this.acknowledged) return;
    this.acknowledged = seq;
    const stored = this.pending.filter((one) => one.seq <= seq);
    this.pending = this.pending.filter((one) => one.seq > seq);
    this.store.remove(stored);
  }

  /** Resolves when everything written so far is on the device. */
  settled(): Promise<void> {
    return this.store.settled();
  }

  private takeFact({ fact, detail = "", writtenAt }: Fact): void {
    if (fact === SECTION_BEGUN && !this.begun.has(detail)) this.begun.set(detail, writtenAt);
    if (fact === SOUND_PLAYED) this.plays.set(detail, this.playsOf(detail) + 1);
  }

  private keep(entry: Answer | Fact): void {
    const kept = { attempt: this.attempt, seat: this.seat, seq: entry.seq, entry };
    if (isAnswer(entry)) this.newest.set(entry.question, entry);
    this.pending = [...this.pending.filter(({ seq }) => seq !== entry.seq), kept].sort((a, b) => a.seq - b.seq);
    this.lastSeq = Math.max(this.lastSeq, entry.seq);
    this.store.put(kept);
  }

  /**
   * What this device wrote when it had an earlier seat, and could not send: it goes on under the present one, with the time at which it was written, unless the
   * candidate has answered the question later elsewhere.
   */
  private adopt(earlier: readonly KeptEntry[]): void {
    for (const { entry } of [...earlier].sort((a, b) => a.seat - b.seat || a.seq - b.seq)) {
      if (!isAnswer(entry)) this.note(entry.fact, entry.writtenAt, entry.detail);
      else if (entry.writtenAt > (this.newest.get(entry.question)?.writtenAt ?? 0))
        this.write(entry.question, entry.value, entry.isMarked ?? false, entry.writtenAt);
    }
    this.store.remove(earlier);
  }
}

function isAnswer(entry: Answer | Fact): entry is Answer {
  return "question" in entry;
}

const UTF8 = new TextEncoder();

function sizeOf(entry: Answer | Fact): number {
  return UTF8.encode(JSON.stringify(entry)).length + 1;
}
