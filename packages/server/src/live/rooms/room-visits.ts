/** Reports to a room's owner who is in the room at this worker, and who has left. A person with several sockets is there once. */

import type { RoomVisit } from "../../contracts/rooms/room-requests.ts";
import type { Clock } from "../../platform/clock.ts";
import { type AskOwner, askOwner } from "./owner-calls.ts";

type Presence = { readonly from: number; readonly agent: string; sockets: number };

/** Changes are reported so often; everything, when nothing has changed, every five seconds. */
const REPORT_MS = 1000;
const REPORTS_UNCHANGED = 5;
/** A report with all 10 000 people of a room would hold up the process's video: so many are in one. */
const MAX_IN_REPORT = 500;
/** In larger rooms changes are reported with everything. */
const LARGE_ROOM = 1000;
/** Those who left are remembered until the owner has heard of them. */
const MAX_LEFT = 20_000;
const MAX_AGENT = 200;

export type RoomVisitsOptions = {
  readonly room: string;
  /** This process, `NODE/WORKER`. */
  readonly worker: string;
  readonly ask: AskOwner;
  readonly clock: Clock;
};

/** In a large room, a few hundred people each are reported as those of a worker of their own, `NODE/WORKER#1`. */
export class RoomVisits {
  private readonly options: RoomVisitsOptions;
  private readonly groups: VisitGroup[] = [];
  private readonly groupOf = new Map<string, VisitGroup>();

  constructor(options: RoomVisitsOptions) {
    this.options = options;
  }

  /** Whether the owner knows everything. */
  get isReported(): boolean {
    return this.groups.every(({ isReported }) => isReported);
  }

  /** Sockets of a participant. */
  socketsOf(participant: string): number {
    return this.groupOf.get(participant)?.socketsOf(participant) ?? 0;
  }

  entered(participant: string, agent: string): void {
    const group = this.groupOf.get(participant) ?? this.groups.find(({ size }) => size < MAX_IN_REPORT) ?? this.addGroup();
    this.groupOf.set(participant, group);
    group.entered(participant, agent);
  }

  gone(participant: string): void {
    const group = this.groupOf.get(participant);
    group?.gone(participant);
    if (group?.socketsOf(participant) === 0) this.groupOf.delete(participant);
  }

  /** Reports for the last time, as far as the owner can be reached. */
  close(): void {
    for (const group of this.groups) group.close();
  }

  private addGroup(): VisitGroup {
    const { worker } = this.options;
    const name = this.groups.length === 0 ? worker : `${worker}#${this.groups.length}`;
    const group = new VisitGroup({ ...this.options, worker: name }, () => this.groupOf.size > LARGE_ROOM);
    this.groups.push(group);
    return group;
  }
}

class VisitGroup {
  private readonly options: RoomVisitsOptions;
  private readonly present = new Map<string, Presence>();
  private left: RoomVisit[] = [];
  private hasChanged = false;
  private rounds = 0;
  private isReporting = false;
  private readonly isLarge: () => boolean;
  private stopTimer: () => void;

  constructor(options: RoomVisitsOptions, isLarge: () => boolean) {
    this.options = options;
    this.isLarge = isLarge;
    this.stopTimer = options.clock.after(REPORT_MS, () => this.round());
  }

  get size(): number {
    return this.present.size;
  }

  /** Whether the owner knows everything. */
  get isReported(): boolean {
    return !this.hasChanged && this.left.length === 0;
  }

  /** Sockets of a participant. */
  socketsOf(participant: string): number {
    return this.present.get(participant)?.sockets ?? 0;
  }

  entered(participant: string, agent: string): void {
    const presence = this.present.get(participant);
    if (presence) presence.sockets++;
    else this.present.set(participant, { from: this.options.clock.utc(), agent: agent.slice(0, MAX_AGENT), sockets: 1 });
    this.hasChanged ||= !presence;
  }

  gone(participant: string): void {
    const presence = this.present.get(participant);
    if (!presence || --presence.sockets > 0) return;
    this.present.delete(participant);
    const { from, agent } = presence;
    if (this.left.length >= MAX_LEFT) this.left.shift();
    this.left.push({ participant, from, to: this.options.clock.utc(), agent });
    this.hasChanged = true;
  }

  /** Reports for the last time, as far as the owner can be reached. */
  close(): void {
    this.stopTimer();
    for (const participant of [...this.present.keys()]) {
      const presence = this.present.get(participant);
      if (presence) presence.sockets = 1;
      this.gone(participant);
    }
    if (!this.isReported) void this.report();
  }

  private round(): void {
    this.stopTimer = this.options.clock.after(REPORT_MS, () => this.round());
    this.rounds++;
    const isSoon = this.hasChanged && !this.isLarge();
    if (this.isReporting || !(isSoon || this.rounds >= REPORTS_UNCHANGED)) return;
    void this.report();
  }

  private async report(): Promise<void> {
    const { room, worker, ask } = this.options;
    const left = [...this.left];
    const there = [...this.present].map(([participant, { from, agent }]) => ({ participant, from, to: null, agent }));
    this.rounds = 0;
    this.hasChanged = false;
    this.isReporting = true;
    const isAnswered = await askOwner(ask, { kind: "visits", room, worker, visits: [...there, ...left] }).then(
      () => true,
      () => false,
    );
    this.isReporting = false;
    const told = new Set(isAnswered ? left : []);
    this.left = this.left.filter((visit) => !told.has(visit));
    this.hasChanged ||= !isAnswered;
  }
}
