/**
 * Lets those who join a lesson at the same moment in together: while one group is stored, the next one gathers, and each has one transaction. A joiner who comes alone
 * waits for nobody; a class that comes at once asks the database a few times and not fifteen times for each.
 */
import { RefusalError } from "../../platform/api/server.ts";
import { Gathering } from "../../platform/gathering.ts";
import type { Changes } from "../foundation/store/change.ts";
import { SYSTEM } from "../foundation/store/requester.ts";
import type { Db, Lesson } from "../foundation/store/tables.ts";
import { endedParticipants } from "./ended-permissions.ts";
import { type Joined, type Joiner, joinTogether } from "./join.ts";
import { type LessonView, lessonView } from "./joined-answer.ts";

/** A joiner who was let in, and what the lesson shows. */
export type LetIn = Joined & { readonly view: LessonView };

type Outcome<T> = PromiseSettledResult<T>;
type Arrival = Joiner & { readonly lesson: Lesson };

/** Others wait for the transaction of a group. */
const MOST_TOGETHER = 100;

export class JoinGroups {
  private readonly db: Db;
  private readonly changes: Changes;
  private readonly groups = new Gathering<Arrival, Outcome<LetIn>>((_, arrivals) => this.letIn(arrivals), { most: MOST_TOGETHER });

  constructor({ db, changes }: { readonly db: Db; readonly changes: Changes }) {
    this.db = db;
    this.changes = changes;
  }

  /** @throws RefusalError as `joinLesson` does, and removed-from-lesson where the permission has ended meanwhile */
  async join(lesson: Lesson, joiner: Joiner): Promise<LetIn> {
    const outcome = await this.groups.add(lesson.id, { ...joiner, lesson });
    if (outcome.status === "fulfilled") return outcome.value;
    throw outcome.reason;
  }

  private async letIn(arrivals: readonly Arrival[]): Promise<Outcome<LetIn>[]> {
    const lesson = arrivals[0]?.lesson;
    if (!lesson) return [];
    const outcomes = await this.store(lesson.id, arrivals);
    const refused = outcomes.filter((one) => one.status === "rejected");
    if (refused.length === outcomes.length) return refused;
    const ids = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value.participant.id] : []));
    // A change that ended a permission before its participant was there has not found it.
    const ended = await endedParticipants(this.db, lesson.id, ids);
    const view = await lessonView(this.db, lesson);
    return outcomes.map((one): Outcome<LetIn> => {
      if (one.status === "rejected") return one;
      if (ended.includes(one.value.participant.id)) return { status: "rejected", reason: new RefusalError("removed-from-lesson") };
      return { status: "fulfilled", value: { ...one.value, view } };
    });
  }

  /** Where one of them fails other than by being refused, the transaction is lost for all of them: each has one of its own then. */
  private async store(lessonId: string, joiners: readonly Joiner[]): Promise<readonly Outcome<Joined>[]> {
    try {
      return await this.storeTogether(lessonId, joiners);
    } catch (reason) {
      if (joiners.length === 1) return [{ status: "rejected", reason }];
    }
    const outcomes: Outcome<Joined>[] = [];
    for (const joiner of joiners) outcomes.push(...(await this.store(lessonId, [joiner])));
    return outcomes;
  }

  private async storeTogether(lessonId: string, joiners: readonly Joiner[]): Promise<readonly Outcome<Joined>[]> {
    const { body } = await this.changes.transact(SYSTEM, async (change) => ({
      body: await joinTogether(change, lessonId, joiners),
    }));
    return body;
  }
}
