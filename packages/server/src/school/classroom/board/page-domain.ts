/** Provides the domain of the board's pages (`page`): staff opens sets of pages, shows one, and says who draws. */
import { LIMITS, PAGE_HEIGHT, PAGE_WIDTH, type PageSet } from "@lectern/board";
import { type ActionOf, type NewRoomEntry, PAGE, type RoomPerson } from "@lectern/room";
import { Refusal } from "../../../platform/refusal.ts";
import { boardText } from "../../foundation/messages/board-texts.ts";
import { isSmallLesson } from "../../lessons/small-lesson.ts";
import type { Domain, Outcome, RequestedAction, RoomView } from "../domain.ts";
import { actionSchema } from "../field-schemas.ts";
import { BoardState } from "./board-state.ts";
import { adoptTags, findEarlierSets, readEarlierSets, storeEarlierSet } from "./earlier-board.ts";
import type { LessonBoard } from "./lesson-board.ts";

/** The pages of a material that can be shown, and how large they are, in any unit. */
export type Slides = { readonly title: string; readonly count: number; readonly width: number; readonly height: number };

export type BoardContext = {
  readonly slides: {
    /** Null: there is no such material that the person may show here. */
    readonly find: (
      trx: RoomView["trx"],
      by: { readonly lessonId: string; readonly schoolId: string; readonly personId: string },
      material: string,
    ) => Promise<Slides | null>;
    /** From now on, people in the room have its pictures. */
    readonly opened: (trx: RoomView["trx"], lessonId: string, material: string) => Promise<void>;
    /** From now on, people in the room of one lesson have the pictures that those of another have. Nothing where these have none. */
    readonly reopened: (
      trx: RoomView["trx"],
      lessons: { readonly from: string; readonly to: string },
      material: string,
    ) => Promise<void>;
  };
};

/** Wider or higher slides are shown with empty space beside them. */
const HEIGHT = { least: PAGE_WIDTH / 8, most: PAGE_WIDTH * 4 } as const;
const MAX_TITLE = 200;

type PageAction = ActionOf<typeof PAGE>;

export function pageDomain(context: BoardContext, boardOf: (lessonId: string) => LessonBoard): Domain<PageAction> {
  return {
    kind: PAGE.kind,
    body: actionSchema(PAGE),
    decide: async (room, actions) => {
      const state = new BoardState(room.retained);
      const board = boardOf(room.lessonId);
      const outcomes: Outcome[] = [];
      for (const action of actions) outcomes.push(await decideOne({ context, room, state, board }, action));
      return outcomes;
    },
  };
}

type Deciding = {
  readonly context: BoardContext;
  readonly room: RoomView;
  readonly state: BoardState;
  readonly board: LessonBoard;
};

async function decideOne(deciding: Deciding, { body, person }: RequestedAction<PageAction>): Promise<Outcome> {
  if (person.role !== "staff") return new Refusal("refused-by-rule");
  const { state } = deciding;
  switch (body.action) {
    case "open":
      return await openSlides(deciding, person, body.material);
    case "board": {
      const number = await deciding.board.nextSet(deciding.room);
      const opened = {
        set: number,
        title: "",
        count: 1,
        height: PAGE_HEIGHT,
        pages: "board",
        background: body.background,
      } as const;
      return open(state, opened);
    }
    case "continue":
      return await continueBoard(deciding, person, body.lesson);
    case "add": {
      const known = state.sets.get(body.set);
      if (known?.pages !== "board") return new Refusal("not-found");
      if (!state.hasRoomFor(1, 0)) return full();
      return { entries: [state.put({ ...known, count: known.count + 1 })], answer: { page: `${known.set}.${known.count + 1}` } };
    }
    case "show": {
      if (body.page !== null && !state.hasPage(body.page)) return new Refusal("not-found");
      const before = state.shown.page;
      if (before !== null && before !== body.page) await deciding.board.turned(deciding.room, before);
      return { entries: [state.show({ page: body.page, view: body.page === null ? null : body.view })] };
    }
    case "background": {
      const known = state.sets.get(body.set);
      return known?.pages === "board"
        ? { entries: [state.put({ ...known, background: body.background })] }
        : new Refusal("not-found");
    }
    case "close":
      return state.sets.has(body.set) ? { entries: state.close(body.set) } : new Refusal("not-found");
    case "pens":
      return await givePens(deciding, body);
  }
}

async function openSlides(
  { context, room, state, board }: Deciding,
  { id: personId }: RoomPerson,
  material: string,
): Promise<Outcome> {
  const { trx, lessonId, schoolId } = room;
  const slides = await context.slides.find(trx, { lessonId, schoolId, personId }, material);
  if (!slides || slides.count < 1) return new Refusal("not-found");
  const height = Math.round((PAGE_WIDTH * slides.height) / slides.width);
  const outcome = open(state, {
    set: await board.nextSet(room),
    title: slides.title.slice(0, MAX_TITLE),
    count: slides.count,
    height: Math.min(HEIGHT.most, Math.max(HEIGHT.least, height)),
    pages: "slides",
    material,
  });
  if (!(outcome instanceof Refusal)) await context.slides.opened(trx, lessonId, material);
  return outcome;
}

/** Sets that were taken over before, and are open, are not taken over again. */
async function continueBoard(
  { context, room, state, board }: Deciding,
  { id: personId }: RoomPerson,
  lesson: string,
): Promise<Outcome> {
  const earlier = await findEarlierSets(room, personId, lesson);
  if (earlier instanceof Refusal) return earlier;
  const openSets = [...state.sets.values()];
  const copyOf = (set: number) => openSets.find((one) => one.earlier?.lesson === lesson && one.earlier.set === set)?.set ?? null;
  const missing = earlier.sets.filter(({ set: number }) => copyOf(number) === null);
  const pages = missing.reduce((sum, { count }) => sum + count, 0);
  if (!state.hasRoomFor(pages, missing.length)) return full();
  const read = await readEarlierSets(room.trx, lesson, earlier.epoch, missing);
  if (read instanceof Refusal) return read;
  const tags = await adoptTags(room, board, lesson, read);
  const entries: NewRoomEntry[] = [];
  const numbers = new Map<number, number>();
  for (const one of read) {
    const number = await board.nextSet(room);
    const materials = await storeEarlierSet(room, board, number, one, tags);
    for (const material of materials) await context.slides.reopened(room.trx, { from: lesson, to: room.lessonId }, material);
    entries.push(state.put({ ...one.set, set: number, earlier: { lesson, set: one.set.set } }));
    numbers.set(one.set.set, number);
  }
  return { entries, answer: { sets: earlier.sets.map(({ set: number }) => numbers.get(number) ?? copyOf(number)) } };
}

function open(state: BoardState, opened: PageSet): Outcome {
  if (!state.hasRoomFor(opened.count, 1)) return full();
  return { entries: [state.put(opened)], answer: { set: opened.set } };
}

async function givePens(
  { room, state }: Deciding,
  { everybody, person, on }: Extract<PageAction, { readonly action: "pens" }>,
): Promise<Outcome> {
  if (everybody === true && !(await isSmall(room))) return new Refusal("refused-by-rule", boardText("everybody-small"));
  const others = state.pens.people.filter((id) => id !== person);
  const people = person === undefined || !on ? others : [...others, person];
  if (people.length > LIMITS.pens) return new Refusal("board-full", boardText("pens", { max: LIMITS.pens }));
  return { entries: [state.give({ everybody: everybody ?? state.pens.everybody, people })] };
}

async function isSmall({ trx, lessonId }: RoomView): Promise<boolean> {
  return isSmallLesson(await trx.selectFrom("lessons").select("mode").where("id", "=", lessonId).executeTakeFirstOrThrow());
}

function full(): Refusal {
  return new Refusal("board-full", boardText("pages", { max: LIMITS.pages }));
}
