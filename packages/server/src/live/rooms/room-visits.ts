/** Reports to a room's owner who is in the room at this worker, and who has left. A person with several sockets is there once. */
import type { Clock } from "../../platform/clock.ts";
import type { RoomVisit } from "../../platform/rooms/room-requests.ts";
import { type AskOwner, askOwner } from "./owner-calls.ts";

type Presence = { readonly from: number; readonly agent: string; sockets: number };

/** Changes are reported so often; everything, when nothing has changed, every five seconds. */
const REPORT_MS = 1000;
const REPORTS_UNCHANGED = 5;
/** In larger rooms a report with everybody in it takes longer than it is worth each second. */
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
  /** Hears of each report: whether the owner answered. */
  readonly onReported?: (isAnswered: boolean) => void;
};

export class RoomVisits {
  private readonly options: RoomVisitsOptions;
  private readonly present = new Map<string, Presence>();
  private left: RoomVisit[] = [];
  private hasChanged = false;
  private rounds = 0;
  private isReporting = false;
  private stopTimer: () => void;

  constructor(options: RoomVisitsOptions) {
    this.options = options;
    this.stopTimer = options.clock.after(REPORT_MS, () => this.round());
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
    const isSoon = this.hasChanged && this.present.size <= LARGE_ROOM;
    if (this.isReporting || !(isSoon || this.rounds >= REPORTS_UNCHANGED)) return;
    void this.report();
  }

  private async report(): Promise<void> {
    const { room, worker, ask, onReported } = this.options;
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
    onReported?.(isAnswered);
  }
}
