/** Provides a room that has members at this worker: follows its owner, and brings its members and the owner together. */

import {
  ALLOWANCE,
  isOften,
  OFTEN_ALLOWANCE,
  type RoomAction,
  type RoomEntry,
  type RoomPosition,
  type RoomSignal,
} from "@lectern/room";
import type { ActionResult, RoomUpdate, SentAction } from "../../contracts/rooms/room-requests.ts";
import type { Clock } from "../../platform/clock.ts";
import { RateLimit } from "../../platform/rate-limit.ts";
import { Refusal, type RefusalCode } from "../../platform/refusal.ts";
import { RetryDelay } from "../../platform/retry-delay.ts";
import { ActionQueue } from "./action-queue.ts";
import type { FlushQueue } from "./flush-queue.ts";
import type { Member } from "./member.ts";
import { type MemberMessage, readMessage } from "./member-message.ts";
import { OlderEntries } from "./older-entries.ts";
import { type AskOwner, askOwner, RETRY } from "./owner-calls.ts";
import { Room } from "./room.ts";
import { MAX_ENTRIES, RoomCopy } from "./room-copy.ts";
import { RoomPages } from "./room-pages.ts";
import { RoomPeople } from "./room-people.ts";
import { roomMessage } from "./room-texts.ts";
import { RoomVisits } from "./room-visits.ts";
import { acknowledgement } from "./wire-format.ts";

export type OpenRoomOptions = {
  readonly id: string;
  /** This process, `NODE/WORKER`. */
  readonly worker: string;
  readonly ask: AskOwner;
  readonly clock: Clock;
  readonly queue: FlushQueue;
  readonly onEntry?: (entry: RoomEntry) => void;
  readonly onWritten?: (at: number) => void;
};

/** Messages of a participant beyond these limits whose ids the owner is asked for: those that were done are acknowledged. */
const REPEATED = { burst: 500, perSecond: 50 };
/** Refused messages of a participant beyond these limits; one that goes on regardless is disconnected. */
const REFUSED = { burst: 100, perSecond: 1 };
/** Newcomers wait so long for the room's content; without it they get the lesson's state alone. */
const CONTENT_WITHIN_MS = 2000;
/** A room that nothing was heard of for so long asks: the last update may have been lost. */
const ASK_AGAIN_MS = 5000;
/** A room without members is kept for those who reconnect. */
const LINGER_MS = 15_000;
/** Visits and actions that the owner has not heard of are kept no longer than that without a member. */
const MAX_LINGER_MS = 30 * 60_000;
const CLOSE_REFUSED = 1008;

export class OpenRoom {
  readonly id: string;
  readonly people: RoomPeople;
  readonly pages: RoomPages;
  private readonly options: OpenRoomOptions;
  private readonly copy: RoomCopy;
  private readonly room: Room;
  private readonly visits: RoomVisits;
  private readonly actions: ActionQueue;
  private readonly rate: RateLimit;
  private readonly often: RateLimit;
  private readonly repeated: RateLimit;
  private readonly refusals: RateLimit;
  private readonly unsure = new Set<Member>();
  private readonly delay = new RetryDelay(RETRY);
  private cancelAskAgain = (): void => {};
  private readonly whenRead: Promise<void>;
  private isRead: () => void = () => {};
  private isReading = false;
  private isRetrying = false;
  private isMissing = false;
  private isClosed = false;
  private joining = 0;
  private emptySince: number;

  constructor(options: OpenRoomOptions) {
    const { id, worker, ask, clock, queue, onEntry, onWritten } = options;
    this.options = options;
    this.id = id;
    this.copy = new RoomCopy(clock.monotonic, onEntry);
    const older = new OlderEntries({ room: id, copy: this.copy, ask, clock });
    this.room = new Room({
      copy: this.copy,
      older,
      queue,
      now: clock.monotonic,
      utc: clock.utc,
      after: clock.after,
      ...(onWritten ? { onWritten } : {}),
    });
    this.people = new RoomPeople(id, ask, clock);
    this.visits = new RoomVisits({ room: id, worker, ask, clock });
    this.actions = new ActionQueue(id, ask, clock);
    this.rate = new RateLimit(ALLOWANCE, clock.monotonic);
    this.often = new RateLimit(OFTEN_ALLOWANCE, clock.monotonic);
    this.pages = new RoomPages(id, ask, clock);
    this.repeated = new RateLimit(REPEATED, clock.monotonic);
    this.refusals = new RateLimit(REFUSED, clock.monotonic);
    this.emptySince = clock.monotonic();
    this.whenRead = new Promise((resolve) => {
      this.isRead = resolve;
    });
    clock.after(CONTENT_WITHIN_MS, this.isRead);
    void this.read();
  }

  get size(): number {
    return this.room.size;
  }

  /** Nobody needs it any more: it can be closed. */
  get isOver(): boolean {
    if (this.room.size > 0 || this.joining > 0) return false;
    const empty = this.options.clock.monotonic() - this.emptySince;
    return empty > MAX_LINGER_MS || (empty > LINGER_MS && this.visits.isReported && this.actions.isEmpty);
  }

  socketsOf(participant: string): number {
    return this.visits.socketsOf(participant);
  }

  /** Resolves when the room's content is here, or when newcomers should not wait longer. Until then the room stays open. */
  async ready<T>(meanwhile: Promise<T>): Promise<T> {
    this.joining++;
    try {
      const [result] = await Promise.all([meanwhile, this.whenRead]);
      return result;
    } finally {
      this.joining--;
    }
  }

  join(member: Member, after: RoomPosition | null, agent: string): void {
    if (member.participant !== null) this.visits.entered(member.participant, agent);
    if (!member.isSure && member.participant !== null) this.unsure.add(member);
    this.room.join(member, after);
    if (after && after.epoch === this.copy.epoch && after.seq > this.copy.head) void this.read();
  }

  /** The member's socket has closed. */
  leave(member: Member): void {
    this.room.leave(member);
    this.unsure.delete(member);
    if (member.participant !== null) this.visits.gone(member.participant);
    if (this.room.size === 0) this.emptySince = this.options.clock.monotonic();
  }

  take(update: RoomUpdate): void {
    if (!this.copy.take(update)) void this.read();
    else this.askAgainLater();
    this.room.changed();
  }

  /** A signal of this worker itself. */
  setSignal(signal: RoomSignal): void {
    if (this.copy.setOwnSignal(signal)) this.room.changed();
  }

  /** A member has sent a message. */
  receive(member: Member, text: string): void {
    if (!this.room.has(member)) return;
    const message = readMessage(text);
    const id = "action" in message ? message.action.id : message.id;
    const key = member.participant ?? member.key;
    const seconds = this.waitOf(message, key);
    const answer = (result: ActionResult): void => {
      const isOver = seconds > 0 && "refused" in result;
      if (isOver && this.refusals.take([key]) > 0) this.room.dismiss(member, CLOSE_REFUSED, "too-many");
      else this.room.acknowledge(member, acknowledgement(id, result));
    };
    if ("action" in message && member.participant !== null && member.mayWrite && (seconds === 0 || this.mayBeRepeated(key)))
      return this.actions.add(sent(message.action, member.participant, seconds), text.length, answer);
    if (seconds > 0) return answer(tooMuch(seconds));
    if (!("action" in message)) return answer(refused("bad-request", message.mistake));
    answer(refused(member.participant === null ? "not-signed-in" : "control-away"));
  }

  /** Whether the owner may be asked for a message beyond the limits. */
  private mayBeRepeated(key: string): boolean {
    return this.repeated.take([key]) === 0;
  }

  /** Does what a message says for a participant without a socket. */
  async post(participant: string, text: string): Promise<{ readonly id: string | null; readonly result: ActionResult }> {
    const message = readMessage(text);
    if (!("action" in message)) return { id: message.id, result: refused("bad-request", message.mistake) };
    const { action } = message;
    const seconds = this.waitOf(message, participant);
    if (seconds > 0 && !this.mayBeRepeated(participant)) return { id: action.id, result: tooMuch(seconds) };
    const result = await new Promise<ActionResult>((resolve) =>
      this.actions.add(sent(action, participant, seconds), text.length, resolve),
    );
    return { id: action.id, result };
  }

  /** @returns seconds; 0: the message is within its allowance */
  private waitOf(message: MemberMessage, key: string): number {
    const rate = "action" in message && isOften(message.action.kind) ? this.often : this.rate;
    return rate.take([key]);
  }

  dismiss(member: Member, code: number, reason: string): void {
    this.room.dismiss(member, code, reason);
  }

  review(): void {
    this.room.review();
  }

  close(): void {
    this.isClosed = true;
    this.cancelAskAgain();
    this.room.close();
    this.visits.close();
    this.actions.close();
  }

  /** Asks the owner for what is missing, until it is here. */
  private async read(): Promise<void> {
    this.isMissing = true;
    if (this.isReading || this.isRetrying || this.isClosed) return;
    this.isReading = true;
    this.isMissing = false;
    const { ask } = this.options;
    const request = { kind: "read", room: this.id, after: this.copy.position, recent: MAX_ENTRIES } as const;
    const answer = await askOwner(ask, request).catch(() => null);
    this.isReading = false;
    if (this.isClosed) return;
    this.askAgainLater();
    const isComplete = answer instanceof Refusal || (answer !== null && this.copy.takeContent(answer.content));
    if (answer === null || !isComplete) return this.readLater();
    this.delay.reset();
    this.isRead();
    this.room.changed();
    this.findUnsure();
    if (this.isMissing) void this.read();
  }

  private readLater(): void {
    this.isRetrying = true;
    this.options.clock.after(this.delay.next(), () => {
      this.isRetrying = false;
      void this.read();
    });
  }

  private askAgainLater(): void {
    this.cancelAskAgain();
    this.cancelAskAgain = this.options.clock.after(ASK_AGAIN_MS, () => void this.read());
  }

  /** The owner answers again: asks for members whom it could not be asked for. */
  private findUnsure(): void {
    for (const member of this.unsure) {
      const { participant } = member;
      this.unsure.delete(member);
      if (participant !== null) void this.renew(member, participant);
    }
  }

  private async renew(member: Member, participant: string): Promise<void> {
    const found = await this.people.find(participant);
    if (!this.room.has(member)) return;
    if (found instanceof Refusal) return this.room.dismiss(member, CLOSE_REFUSED, found.code);
    if (!found.isSure) return void this.unsure.add(member);
    const { id, name, role } = member.person;
    const isSame = id === found.person.id && name === found.person.name && role === found.person.role;
    Object.assign(member, { person: found.person, isSure: true, mayWrite: true });
    if (!isSame) this.room.renew(member);
  }
}

function refused(code: RefusalCode, detail: string | null = null): ActionResult {
  const refusal = new Refusal(code);
  return { refused: code, detail: detail ?? refusal.detail, retryAfter: refusal.retryAfter };
}

function tooMuch(seconds: number): ActionResult {
  const { code, detail, retryAfter } = new Refusal("too-many", roomMessage("own-messages")).after(seconds);
  return { refused: code, detail, retryAfter };
}

function sent(action: RoomAction, participant: string, wait: number): SentAction {
  return wait > 0 ? { ...action, participant, wait } : { ...action, participant };
}
