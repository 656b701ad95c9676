/**
 * Knows who is in one room, from the reports of the media workers, and which rows of attendance are to be written. `AttendanceStore` writes the rows
 * of all rooms of a process in the background.
 */

import type { RoomSignal } from "@lectern/room";
import type { RoomVisit } from "../../../contracts/rooms/room-requests.ts";
import type { Clock } from "../../../platform/clock.ts";
import { deviceOf } from "../../foundation/requests/device.ts";
import { RETURN_WITHIN_MS, Stay } from "./stay.ts";

/** A row of the table `attendance`. */
export type AttendanceRow = {
  readonly participant: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number | null;
  readonly device: string;
  readonly present: boolean;
};

export type PresenceChanges = {
  readonly written: readonly AttendanceRow[];
  /** Intervals that are part of others now. */
  readonly removed: readonly { readonly participant: string; readonly from: number }[];
};

/** Workers report every few seconds. One that is silent for this long is gone. */
const SILENT_AFTER_MS = 12_000;
/** People who left so long ago are forgotten; the database has their intervals. */
const FORGET_AFTER_MS = 60 * 60_000;
const FORGET_INTERVAL_MS = 60_000;

type Person = { readonly stay: Stay; written: ReadonlyMap<number, AttendanceRow>; leftAt: number | null };
type Worker = { people: ReadonlySet<string>; reportedAt: number };
type Waiting = { readonly resolve: () => void; readonly reject: (error: unknown) => void };

export type PresenceOptions = {
  readonly lessonId: string;
  readonly clock: Clock;
  readonly signal: (signal: RoomSignal) => void;
  /** How many of them teach or assist in this lesson, or look on, as parents do. */
  readonly notStudents: (participants: readonly string[]) => Promise<number>;
  /** The room's version in the database. */
  readonly version: number;
  /** Writes what is left. */
  readonly close: () => Promise<void>;
};

export class Presence {
  readonly lessonId: string;
  private readonly options: PresenceOptions;
  private readonly known = new Map<string, Person>();
  private readonly workers = new Map<string, Worker>();
  private readonly present = new Set<string>();
  /** Of whom no worker says at present that they are there. */
  private readonly unconfirmed = new Set<string>();
  private dirty = new Set<string>();
  /** Reports that are answered once their departures are stored. */
  private waiting: Waiting[] = [];
  private publishedCount = -1;
  private isTelling = false;
  private publishedVersion = -1;
  private forgotAt = 0;
  /** Why nothing is written any more; null: it is. */
  private ended: Error | null = null;
  version: number;

  constructor(options: PresenceOptions) {
    this.options = options;
    this.lessonId = options.lessonId;
    this.version = options.version;
  }

  /**
   * Takes the report of a media worker: all people whom it has in the room, and those who have left since its last report that was answered.
   * Fulfilled once the departures are stored, so that the worker may forget them.
   * @param worker `NODE/WORKER`
   * @throws an error of the database; the worker reports again
   */
  async report(worker: string, visits: readonly RoomVisit[]): Promise<void> {
    if (this.ended) throw this.ended;
    const now = this.now;
    const before = this.workers.get(worker);
    const visitsOf = Map.groupBy(visits, ({ participant }) => participant);
    const people = new Set<string>();
    for (const [participant, reported] of visitsOf) {
      if (reported.some(({ to }) => to === null)) people.add(participant);
      this.hear(worker, participant, reported, before?.reportedAt ?? now);
    }
    for (const participant of before?.people ?? [])
      if (!visitsOf.has(participant)) this.hear(worker, participant, [], before?.reportedAt ?? now);
    this.workers.set(worker, { people, reportedAt: now });
    if (visits.every(({ to }) => to === null)) return;
    await new Promise<void>((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /**
   * A worker has ended, or its node is gone: its people have left unless they come back within 15 seconds, there or elsewhere.
   * @param worker `NODE/WORKER`, also where it reports its people in groups, `NODE/WORKER#1`
   * @param at milliseconds since 1970
   */
  workerGone(worker: string, at: number): void {
    for (const reporter of this.workers.keys())
      if (reporter === worker || reporter.startsWith(`${worker}#`)) this.reporterGone(reporter, at);
  }

  /** Participants who are in the room, or were within the last 15 seconds. Changes with every report. */
  people(): ReadonlySet<string> {
    return this.present;
  }

  get count(): number {
    return this.present.size;
  }

  /** Takes over an interval that another process has written. @param seenAt when that process last knew */
  restore({ participant, from, to, device, present }: AttendanceRow, seenAt: number): void {
    const person = this.person(participant);
    const devices = device === "" ? [] : device.split("; ");
    if (to === null) person.stay.restoreOpen(from, device, seenAt, this.now + RETURN_WITHIN_MS);
    else person.stay.restoreClosed(from, to, devices);
    person.written = new Map([...person.written, [from, { participant, from, to, device, present }]]);
    // Who has left since is written later, when the workers have reported.
    if (present) this.present.add(participant);
    this.unconfirmed.add(participant);
  }

  /** Notices who has left, and tells followers the count. Called every second. */
  tick(): void {
    const now = this.now;
    for (const [worker, { reportedAt }] of this.workers)
      if (now - reportedAt > SILENT_AFTER_MS) this.reporterGone(worker, reportedAt);
    for (const participant of this.unconfirmed) {
      const { stay } = this.person(participant);
      if (stay.expire(now)) this.dirty.add(participant);
      if (!stay.isPresent(now)) this.changed(participant, now);
    }
    this.forget(now);
    if (this.count !== this.publishedCount && !this.isTelling) void this.tellPeople();
  }

  /** Takes what is to be written; `settle` or `putBack` follows. */
  take(): { readonly changes: PresenceChanges; readonly participants: ReadonlySet<string>; readonly waiting: readonly Waiting[] } {
    const participants = this.dirty;
    const { waiting } = this;
    this.dirty = new Set();
    this.waiting = [];
    const written: AttendanceRow[] = [];
    const removed: { participant: string; from: number }[] = [];
    for (const participant of participants) {
      const before = this.known.get(participant)?.written ?? new Map<number, AttendanceRow>();
      const rows = this.rowsOf(participant);
      const oldest = rows.keys().next().value ?? 0;
      for (const row of rows.values()) if (!isSame(before.get(row.from), row)) written.push(row);
      // Rows before the oldest in memory stay.
      for (const from of before.keys()) if (!rows.has(from) && from >= oldest) removed.push({ participant, from });
    }
    return { changes: { written, removed }, participants, waiting };
  }

  /** What was taken is stored as a version of the room. */
  settle({ changes, participants, waiting }: ReturnType<Presence["take"]>, version: number): void {
    for (const participant of participants) {
      const person = this.known.get(participant);
      if (!person) continue;
      const rows = new Map(person.written);
      for (const row of changes.removed) if (row.participant === participant) rows.delete(row.from);
      person.written = rows;
    }
    for (const row of changes.written) {
      const person = this.known.get(row.participant);
      if (person) person.written = new Map([...person.written, [row.from, row]]);
    }
    this.version = version;
    for (const { resolve } of waiting) resolve();
    this.tellVersion();
  }

  /** What was taken could not be stored. */
  putBack({ participants, waiting }: ReturnType<Presence["take"]>, error: unknown): void {
    for (const participant of participants) this.dirty.add(participant);
    for (const { reject } of waiting) reject(error);
  }

  /** Nothing is written any more. */
  end(reason: Error): void {
    this.ended = reason;
    for (const { reject } of this.waiting) reject(reason);
    this.waiting = [];
  }

  /** Stores what is known, and lets another process have the room. */
  close(): Promise<void> {
    return this.options.close();
  }

  get hasChanges(): boolean {
    return this.dirty.size > 0 || this.waiting.length > 0;
  }

  private reporterGone(worker: string, at: number): void {
    const gone = this.workers.get(worker);
    this.workers.delete(worker);
    const end = Math.min(at, this.now);
    for (const participant of gone?.people ?? []) {
      this.person(participant).stay.lose(worker, end, end + RETURN_WITHIN_MS);
      this.noteConfirmed(participant);
    }
  }

  private hear(worker: string, participant: string, reported: readonly RoomVisit[], confirmedAt: number): void {
    const { now } = this;
    const { stay } = this.person(participant);
    const [first] = reported;
    // Most people are where they were.
    if (reported.length === 1 && first?.to === null && stay.has(worker, first.from)) return;
    const told = reported.map(({ from, to, agent }) => {
      const start = Math.min(from, now);
      return { from: start, to: to === null ? null : Math.min(Math.max(to, start), now), device: deviceOf(agent) };
    });
    stay.update(worker, told, confirmedAt);
    this.changed(participant, now);
  }

  private async tellPeople(): Promise<void> {
    const { count } = this;
    this.isTelling = true;
    // Without an answer of the database, told at the next tick.
    const staff = await this.options.notStudents([...this.present]).catch(() => null);
    this.isTelling = false;
    if (staff === null) return;
    this.publishedCount = count;
    this.options.signal({ kind: "people", key: "", to: "all", body: { count, staff } });
  }

  private get now(): number {
    return this.options.clock.utc();
  }

  /** Staff pages fetch the differences since the version that they have. */
  private tellVersion(): void {
    if (this.version === this.publishedVersion) return;
    this.publishedVersion = this.version;
    this.options.signal({ kind: "roster", key: "", to: "staff", body: { version: this.version } });
  }

  private person(participant: string): Person {
    const known = this.known.get(participant) ?? { stay: new Stay(), written: new Map(), leftAt: null };
    this.known.set(participant, known);
    return known;
  }

  private changed(participant: string, now: number): void {
    const person = this.person(participant);
    const isPresent = person.stay.isPresent(now);
    if (isPresent) this.present.add(participant);
    else this.present.delete(participant);
    person.leftAt = isPresent ? null : now;
    this.noteConfirmed(participant);
    if (!isPresent) this.unconfirmed.delete(participant);
    this.dirty.add(participant);
  }

  private noteConfirmed(participant: string): void {
    if (this.person(participant).stay.isConfirmed) this.unconfirmed.delete(participant);
    else this.unconfirmed.add(participant);
  }

  private rowsOf(participant: string): Map<number, AttendanceRow> {
    const intervals = this.person(participant).stay.intervals();
    const last = intervals.at(-1);
    const rows = intervals.map((interval): [number, AttendanceRow] => {
      const { from, to, devices } = interval;
      const device = devices.filter((one) => one !== "").join("; ");
      return [from, { participant, from, to, device, present: interval === last && this.present.has(participant) }];
    });
    return new Map(rows);
  }

  private forget(now: number): void {
    if (now - this.forgotAt < FORGET_INTERVAL_MS) return;
    this.forgotAt = now;
    for (const [participant, { leftAt }] of this.known)
      if (leftAt !== null && now - leftAt > FORGET_AFTER_MS && !this.dirty.has(participant)) this.known.delete(participant);
  }
}

function isSame(before: AttendanceRow | undefined, row: AttendanceRow): boolean {
  return before?.to === row.to && before.device === row.device && before.present === row.present;
}
