/**
 * Provides the domains of what is drawn: `stroke`, operations on a page, which the log keeps; `laser`, where a pointer shines, which nothing keeps.
 * Staff draws, and those with a pen. Everybody changes their own items, which the tags of the ids tell; staff changes all.
 */
import { growthOf, isPageId, LIMITS, type Operation, type PageId, tagOf } from "@lectern/board";
import { type ActionOf, LASER, type RoomPerson, STROKE } from "@lectern/room";
import type { PageFile } from "../../../contracts/rooms/room-requests.ts";
import { Refusal } from "../../../platform/refusal.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { type Domain, type Outcome, oneByOne, type RequestedAction, type RoomView } from "../domain.ts";
import { actionSchema } from "../field-schemas.ts";
import { BoardState } from "./board-state.ts";
import type { LessonBoard } from "./lesson-board.ts";
import { fileOf } from "./page-file.ts";

type StrokeAction = ActionOf<typeof STROKE>;
type LaserAction = ActionOf<typeof LASER>;

export function strokeDomain(
  db: Db,
  boardOf: (lessonId: string) => LessonBoard,
  forget: (lessonId: string) => void,
): Domain<StrokeAction> {
  return {
    kind: STROKE.kind,
    body: actionSchema(STROKE),
    decide: async (room, actions) => {
      const deciding = new Deciding(room, boardOf(room.lessonId));
      const outcomes: Outcome[] = [];
      for (const action of actions) outcomes.push(await deciding.decide(action));
      return outcomes;
    },
    committed: (lessonId, entries) => boardOf(lessonId).committed(entries),
    readPage: async (room, page): Promise<PageFile | null> => {
      const board = boardOf(room.lessonId);
      for (;;) {
        if (!isPageId(page) || !new BoardState(room.retained).hasPage(page)) return null;
        const found = await board.read(db, room.position().epoch, page);
        // Nothing is stored between these lines, so the page is what it is at the position.
        if (board.holds(found)) return await fileOf(found, room.position());
      }
    },
    closed: forget,
  };
}

export function laserDomain(): Domain<LaserAction> {
  return {
    kind: LASER.kind,
    body: actionSchema(LASER),
    decide: oneByOne((room, { body: { page, points }, person }, handle) => {
      const state = new BoardState(room.retained);
      if (!state.mayDraw(person)) return new Refusal("refused-by-rule");
      if (!state.hasPage(page)) return new Refusal("not-found");
      handle.signal({ kind: "laser", key: person.id, to: "all", body: { page, points } });
      return { entries: [] };
    }),
  };
}

/** Decides about the strokes of one group. */
class Deciding {
  private readonly room: RoomView;
  private readonly board: LessonBoard;
  private readonly state: BoardState;
  /** What actions before in the group add to pages. */
  private readonly added = new Map<PageId, { readonly items: number; readonly bytes: number }>();

  constructor(room: RoomView, board: LessonBoard) {
    this.room = room;
    this.board = board;
    this.state = new BoardState(room.retained);
  }

  async decide({ body: { page, ops }, person }: RequestedAction<StrokeAction>): Promise<Outcome> {
    const { state, board, room } = this;
    if (!state.mayDraw(person)) return new Refusal("refused-by-rule");
    if (!state.hasPage(page)) return new Refusal("not-found");
    const wait = board.spend(person.id, JSON.stringify(ops).length, room.now);
    if (wait > 0) return new Refusal("too-many").after(wait);
    const refusal = (await this.foreign(person, ops)) ?? (await this.full(page, ops));
    return refusal ?? { entries: [{ kind: "stroke", to: "all", key: null, body: { page, ops } }] };
  }

  /** Whether an operation concerns what is another person's. */
  private async foreign(person: RoomPerson, operations: readonly Operation[]): Promise<Refusal | null> {
    for (const operation of operations) {
      const refusal = await this.foreignIn(person, operation);
      if (refusal) return refusal;
    }
    return null;
  }

  private async foreignIn(person: RoomPerson, operation: Operation): Promise<Refusal | null> {
    const isStaff = person.role === "staff";
    switch (operation[0]) {
      case "s":
      case "p":
        return await this.claim(person, operation[1]);
      case "i":
        // Pictures are of materials, which staff shows.
        if (operation[2].type === "picture" && !isStaff) return new Refusal("refused-by-rule");
        return await this.claim(person, operation[1]);
      case "x":
        return isStaff ? null : new Refusal("refused-by-rule");
      case "m":
      case "t":
        return isStaff ? null : await this.notOwn(person, [operation[1]]);
      case "d":
      case "u":
        return isStaff ? null : await this.notOwn(person, operation[1]);
    }
  }

  private async claim({ id: person }: RoomPerson, id: string): Promise<Refusal | null> {
    const claimed = await this.board.claim(this.room, tagOf(id), person);
    return claimed === "own" ? null : new Refusal(claimed === "foreign" ? "conflict" : "too-many");
  }

  private async notOwn({ id: person }: RoomPerson, ids: readonly string[]): Promise<Refusal | null> {
    for (const tag of new Set(ids.map(tagOf))) {
      const owner = await this.board.ownerOf(this.room, tag);
      if (owner !== null && owner !== person) return new Refusal("refused-by-rule");
    }
    return null;
  }

  private async full(id: PageId, operations: readonly Operation[]): Promise<Refusal | null> {
    const retained = await this.board.inGroup(this.room, id);
    const added = this.added.get(id);
    if (!added) await this.board.writeIfDue(this.room, retained);
    const growth = growthOf(operations);
    const sum = { items: (added?.items ?? 0) + growth.items, bytes: (added?.bytes ?? 0) + growth.bytes };
    const { size } = retained.page;
    const isFull = growth.bytes > 0 && (size.items + sum.items > LIMITS.items || size.bytes + sum.bytes > LIMITS.bytesOfPage);
    if (isFull) return new Refusal("board-full");
    this.added.set(id, sum);
    return null;
  }
}
