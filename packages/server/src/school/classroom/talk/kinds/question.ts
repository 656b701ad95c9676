/** Provides questions to the teacher: everybody votes for them, staff mark them as answered. */
import { type ActionOf, type FieldsOf, type NewRoomEntry, QUESTION, type RoomPerson } from "@lectern/room";
import { z } from "zod";
import { newId } from "../../../../platform/id.ts";
import { Refusal } from "../../../../platform/refusal.ts";
import { talkText } from "../../../foundation/messages/talk-texts.ts";
import type { Domain, Outcome, RequestedAction, RoomHandle, RoomView } from "../../domain.ts";
import { actionSchema, entrySchema } from "../../field-schemas.ts";
import { findKeyed } from "../keyed-entries.ts";
import { isStaff, mutedRefusal, staffOnly } from "../may-talk.ts";
import { Pauses } from "../pauses.ts";
import { countVotes, VoteGroup } from "../question-votes.ts";
import type { TalkContext } from "../talk-context.ts";
import { ruleOnText } from "../text-rule.ts";
import { VoteCounter } from "../vote-counter.ts";

/** Between two questions of one person, also without slow mode. */
const PAUSE_SECONDS = 2;

const COUNT = z.strictObject({ action: z.literal("count") });
type QuestionAction = ActionOf<typeof QUESTION> | z.output<typeof COUNT>;
type Of<Action extends QuestionAction["action"]> = RequestedAction<Extract<QuestionAction, { readonly action: Action }>>;

const question = entrySchema(QUESTION.entries[0]);
type Question = FieldsOf<(typeof QUESTION.entries)[0]["fields"]>;

export function domain(context: TalkContext): Domain<QuestionAction> {
  const pauses = new Pauses();
  const counters = new Map<string, VoteCounter>();
  const counterOf = (handle: RoomHandle) => {
    const known = counters.get(handle.lessonId) ?? new VoteCounter(handle);
    counters.set(handle.lessonId, known);
    return known;
  };
  return {
    kind: QUESTION.kind,
    body: actionSchema(QUESTION, COUNT),
    decide: (room, actions, handle) => new QuestionGroup(context, room, pauses, counterOf(handle)).decide(actions),
    // The process that owned the room before may have stored votes without counting them.
    opened: async ({ retained }, handle) => {
      const questions = retained.ofKind("question").map(({ body }) => question.safeParse(body).data);
      counterOf(handle).changed(questions.flatMap((one) => (one?.state === "open" ? [one.ref] : [])));
    },
    closed: (lessonId) => {
      pauses.forget(lessonId);
      counters.get(lessonId)?.close();
      counters.delete(lessonId);
    },
  };
}

/** The actions of a group that are about questions. */
class QuestionGroup {
  private readonly context: TalkContext;
  private readonly room: RoomView;
  private readonly pause: ReturnType<Pauses["begin"]>;
  private readonly counter: VoteCounter;
  private readonly votes = new VoteGroup();
  /** Those that the group is about, as its actions have left them. */
  private readonly questions = new Map<string, Question>();

  constructor(context: TalkContext, room: RoomView, pauses: Pauses, counter: VoteCounter) {
    this.context = context;
    this.room = room;
    this.pause = pauses.begin(room);
    this.counter = counter;
  }

  async decide(actions: readonly RequestedAction<QuestionAction>[]): Promise<Outcome[]> {
    const uncounted = actions.some(({ body }) => body.action === "count") ? this.counter.questions : [];
    await this.load([...uncounted, ...actions.flatMap(({ body }) => ("ref" in body ? [body.ref] : []))]);
    const outcomes: Outcome[] = [];
    for (const action of actions) outcomes.push(await this.decideOne(action, uncounted));
    await this.votes.store(this.room);
    const changed = this.votes.questions;
    if (changed.length > 0) this.room.afterCommit(() => this.counter.changed(changed));
    return outcomes;
  }

  private async load(refs: readonly string[]): Promise<void> {
    const entries = await findKeyed(this.room, [...new Set(refs)].map(keyOf));
    for (const { body, gone } of entries.values()) {
      // Deleted ones have no text.
      const known = gone ? undefined : question.safeParse(body).data;
      if (known) this.questions.set(known.ref, known);
    }
  }

  private async decideOne(action: RequestedAction<QuestionAction>, uncounted: readonly string[]): Promise<Outcome> {
    const { body, person } = action;
    switch (body.action) {
      case "ask":
        return await this.ask({ ...action, body });
      case "vote":
        return this.vote({ ...action, body });
      case "answer":
        return staffOnly(person) ?? (await this.change(body.ref, (known) => ({ ...known, state: "answered", answer: body.text })));
      case "reopen":
        return staffOnly(person) ?? (await this.change(body.ref, (known) => ({ ...known, state: "open", answer: undefined })));
      case "count":
        return person.id === "" ? await this.count(uncounted) : new Refusal("refused-by-rule");
    }
  }

  private async ask(action: Of<"ask">): Promise<Outcome> {
    const { room, context } = this;
    const { person, body } = action;
    if (!room.settings.questions) return new Refusal("switched-off");
    const muted = isStaff(person) ? null : mutedRefusal(room, person);
    if (muted) return muted;
    const ruling = ruleOnText(context.check, room, person, body.text);
    if (ruling instanceof Refusal) return ruling;
    const seconds = isStaff(person) ? 0 : this.pause.take(person.id, Math.max(PAUSE_SECONDS, room.settings.slowSeconds));
    if (seconds > 0) return new Refusal("too-many", talkText("slow-mode")).after(seconds);
    const asked = newQuestion(newId(room.now), body.text, person);
    if ("held" in ruling)
      return context.hold(room, action, { ref: asked.ref, text: body.text, reason: ruling.held, entry: entryOf(asked) });
    const shown = { ...asked, text: ruling.text, ...ruling.mark };
    await room.emit("room.question", shown);
    return { entries: [entryOf(shown)], answer: { ref: asked.ref } };
  }

  private vote({ body, person }: Of<"vote">): Outcome {
    if (!this.room.settings.questions) return new Refusal("switched-off");
    const known = this.questions.get(body.ref);
    if (!known) return noQuestion();
    if (known.state !== "open") return new Refusal("conflict", talkText("question-answered"));
    // Who asks wants the answer anyway.
    if (known.author.id !== person.id) this.votes.add(body.ref, person.id, body.on);
    return { entries: [] };
  }

  private async change(of: string, changed: (known: Question) => Question): Promise<Outcome> {
    const known = this.questions.get(of);
    if (!known) return noQuestion();
    const next = changed(known);
    this.questions.set(of, next);
    await this.room.emit("room.question", next);
    return { entries: [entryOf(next)] };
  }

  private async count(uncounted: readonly string[]): Promise<Outcome> {
    const votes = await countVotes(this.room, uncounted);
    this.room.afterCommit(() => this.counter.counted(uncounted));
    const entries = uncounted.flatMap((of) => {
      const known = this.questions.get(of);
      const count = votes.get(of) ?? 0;
      if (!known || known.votes === count) return [];
      const next = { ...known, votes: count };
      this.questions.set(of, next);
      return [entryOf(next)];
    });
    return { entries };
  }
}

function newQuestion(id: string, words: string, { id: authorId, name }: RoomPerson): Question {
  return { ref: id, text: words, votes: 0, state: "open", author: { id: authorId, name } };
}

function entryOf({ ref: of, answer, ...known }: Question): NewRoomEntry {
  const body = { ref: of, ...known, ...(answer === undefined ? {} : { answer }) };
  return { kind: "question", to: "all", key: keyOf(of), body };
}

function noQuestion(): Refusal {
  return new Refusal("not-found", talkText("no-question"));
}

function keyOf(of: string): string {
  return `question/${of}`;
}
