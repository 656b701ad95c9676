/**
 * Defines what the owner of a room has in memory of its quizzes: the counts, which it tells at most twice a second, and the timers of time limits.
 * The rows decide; the counts are read from them again where a group of actions may not have been stored.
 */

import type { RoomSignal, TallyResult } from "@lectern/room";
import { type Clock, systemClock } from "../../../platform/clock.ts";
import type { Quiz } from "../../foundation/store/quiz-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { RoomHandle, RoomView } from "../domain.ts";
import { countAnswers } from "./quiz-rows.ts";
import { Tally } from "./tally.ts";

/** Counts of one quiz are told at most once in this time. */
const SHOW_EVERY_MS = 500;
/** A quiz whose time is over is closed again after this long, where the database was unavailable. */
const CLOSE_AGAIN_MS = 2000;

type LiveTally = {
  tally: Tally;
  /** The transaction that stores answers, until it is committed; a later one that finds it here counts the rows again. */
  uncommitted: Db | null;
  shownAt: number;
  cancelShow: (() => void) | null;
};
type LiveRoom = {
  readonly handle: RoomHandle;
  readonly tallies: Map<string, LiveTally>;
  readonly closings: Map<string, () => void>;
};

export class LiveQuizzes {
  private readonly clock: Clock;
  private readonly rooms = new Map<string, LiveRoom>();

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
  }

  /** Tells the counts of quizzes that are not revealed, and closes those whose time is over. */
  async open({ lessonId, trx, afterCommit }: RoomView, handle: RoomHandle): Promise<void> {
    this.close(lessonId);
    const quizzes = await trx
      .selectFrom("quizzes")
      .selectAll()
      .where("lesson_id", "=", lessonId)
      .where("state", "!=", "revealed")
      .execute();
    const tallies = await countAnswers(trx, quizzes);
    afterCommit(() => {
      for (const quiz of quizzes) {
        const tally = tallies.get(quiz.id);
        if (tally) handle.signal(tallySignal(quiz.id, tally.result(), "staff"));
        if (tally && quiz.state === "open") this.begin(handle, quiz, tally);
      }
    });
  }

  close(lessonId: string): void {
    const room = this.rooms.get(lessonId);
    this.rooms.delete(lessonId);
    for (const { cancelShow } of room?.tallies.values() ?? []) cancelShow?.();
    for (const cancel of room?.closings.values() ?? []) cancel();
  }

  /** A quiz that is open from now on. One whose transaction fails does no harm: its end finds no quiz. */
  begin(handle: RoomHandle, quiz: Quiz, tally: Tally): void {
    const room = this.roomOf(handle);
    room.tallies.set(quiz.id, { tally, uncommitted: null, shownAt: Number.NEGATIVE_INFINITY, cancelShow: null });
    if (quiz.closes_at !== null) this.closeAfter(room, quiz.id, quiz.closes_at.getTime() - this.clock.utc());
  }

  /** A quiz that is closed or removed. @param result told as the last counts; null: none */
  end(handle: RoomHandle, quizId: string, result: TallyResult | null, to: RoomSignal["to"]): void {
    const room = this.roomOf(handle);
    room.tallies.get(quizId)?.cancelShow?.();
    room.tallies.delete(quizId);
    room.closings.get(quizId)?.();
    room.closings.delete(quizId);
    if (result) handle.signal(tallySignal(quizId, result, to));
  }

  /** Whether the counts may lack answers: a transaction has stored some, and this process has not heard that it was committed. */
  isUncertain(handle: RoomHandle, quizId: string, trx: Db): boolean {
    const live = this.roomOf(handle).tallies.get(quizId);
    return live === undefined || (live.uncommitted !== null && live.uncommitted !== trx);
  }

  /** Counts answers that a transaction stores: once it is committed. Called before they are stored. */
  async count({ trx, afterCommit }: RoomView, handle: RoomHandle, quiz: Quiz, change: (tally: Tally) => void): Promise<void> {
    const room = this.roomOf(handle);
    const known = room.tallies.get(quiz.id);
    const isCurrent = known && (known.uncommitted === null || known.uncommitted === trx);
    const tally = isCurrent ? known.tally : ((await countAnswers(trx, [quiz])).get(quiz.id) ?? new Tally(quiz));
    const live = known ?? { tally, uncommitted: null, shownAt: Number.NEGATIVE_INFINITY, cancelShow: null };
    live.tally = tally;
    live.uncommitted = trx;
    room.tallies.set(quiz.id, live);
    afterCommit(() => {
      live.uncommitted = null;
      change(live.tally);
      this.show(room, quiz.id, live);
    });
  }

  private roomOf(handle: RoomHandle): LiveRoom {
    const room = this.rooms.get(handle.lessonId) ?? { handle, tallies: new Map(), closings: new Map() };
    this.rooms.set(handle.lessonId, room);
    return room;
  }

  private show({ handle, tallies }: LiveRoom, quizId: string, live: LiveTally): void {
    if (live.cancelShow || tallies.get(quizId) !== live) return;
    const tell = () => {
      live.cancelShow = null;
      live.shownAt = this.clock.monotonic();
      handle.signal(tallySignal(quizId, live.tally.result(), "staff"));
    };
    const wait = live.shownAt + SHOW_EVERY_MS - this.clock.monotonic();
    if (wait <= 0) tell();
    else live.cancelShow = this.clock.after(wait, tell);
  }

  private closeAfter(room: LiveRoom, quizId: string, milliseconds: number): void {
    const act = () => {
      const action = { id: `close-${quizId}`, kind: "quiz", body: { action: "close", ref: quizId } };
      const isDone = () => room.closings.delete(quizId);
      room.handle.act(action).then(isDone, () => {
        if (this.rooms.get(room.handle.lessonId) === room && room.closings.has(quizId))
          this.closeAfter(room, quizId, CLOSE_AGAIN_MS);
      });
    };
    room.closings.set(quizId, this.clock.after(Math.max(0, milliseconds), act));
  }
}

function tallySignal(quizId: string, result: TallyResult, to: RoomSignal["to"]): RoomSignal {
  return { kind: "tally", key: quizId, to, body: result };
}
