/**
 * Decides which names guests may take, besides those of staff (`lessons/guest-name.ts`): no name that the school's word lists stop in a text, and no name of a member of the course, nor
 * one that looks the same. What is compared is kept in memory, because a whole class joins within a minute.
 */
import { RefusalError } from "../../../platform/api/server.ts";
import { sharedReads } from "../../../platform/gathering.ts";
import type { Text } from "../../../platform/messages/message.ts";
import { RecentMap } from "../../../platform/recent-map.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Db, Lesson } from "../../foundation/store/tables.ts";
import { skeletonOf } from "../../lessons/guest-name.ts";
import { WordMatcher } from "./words/word-matcher.ts";

type Words = { readonly stamp: string; readonly matcher: Promise<WordMatcher> };
type Members = { readonly at: number; readonly skeletons: Promise<ReadonlySet<string>> };

/** Compiled lists of a large school have some megabytes. */
const MAX_SCHOOLS = 50;
const MAX_COURSES = 500;
/** Members who have been added within this time are not compared with. */
const MEMBERS_MS = 10_000;

export class GuestNames {
  private readonly db: Db;
  private readonly now: () => number;
  private readonly words = new RecentMap<string, Words>(MAX_SCHOOLS);
  private readonly members = new RecentMap<string, Members>(MAX_COURSES);
  private readonly versionsOf = sharedReads((schoolId) => this.listsOf(schoolId).select(["id", "version"]).execute());

  /** @param now monotonic milliseconds */
  constructor(db: Db, now: () => number = () => performance.now()) {
    this.db = db;
    this.now = now;
  }

  /** @throws RefusalError bad-request */
  async check({ school_id, course_id }: Pick<Lesson, "school_id" | "course_id">, name: string): Promise<void> {
    const matcher = await this.matcherOf(school_id);
    if (matcher && matcher.check(name).action !== "pass") throw refused(schoolText("guest-name-words"));
    if (course_id !== null && (await this.membersOf(course_id)).has(skeletonOf(name)))
      throw refused(schoolText("guest-name-of-member"));
  }

  /** Null: the school has no lists. */
  private async matcherOf(schoolId: string): Promise<WordMatcher | null> {
    const versions = await this.versionsOf(schoolId);
    if (versions.length === 0) return null;
    const stamp = JSON.stringify(versions);
    const known = this.words.get(schoolId);
    if (known?.stamp === stamp) return await known.matcher;
    const compile = async (): Promise<WordMatcher> => {
      const rows = await this.listsOf(schoolId).select(["name", "action", "words", "skips_signs"]).execute();
      return await WordMatcher.compile(rows.map(({ skips_signs, ...list }) => ({ ...list, skipsSigns: skips_signs })));
    };
    const words = { stamp, matcher: compile() };
    this.words.set(schoolId, words);
    words.matcher.catch(() => this.words.delete(schoolId));
    return await words.matcher;
  }

  private listsOf(schoolId: string) {
    return this.db.selectFrom("word_lists").where("school_id", "=", schoolId).where("enabled", "=", true).orderBy("id");
  }

  private async membersOf(courseId: string): Promise<ReadonlySet<string>> {
    const now = this.now();
    const known = this.members.get(courseId);
    if (known && now - known.at < MEMBERS_MS) return await known.skeletons;
    const members = { at: now, skeletons: this.readMembers(courseId) };
    this.members.set(courseId, members);
    members.skeletons.catch(() => this.members.delete(courseId));
    return await members.skeletons;
  }

  private async readMembers(courseId: string): Promise<ReadonlySet<string>> {
    const rows = await this.db
      .selectFrom("course_members")
      .innerJoin("users", "users.id", "course_members.user_id")
      .select("users.name")
      .where("course_members.course_id", "=", courseId)
      .where("users.disabled_at", "is", null)
      .execute();
    const skeletons = new Set(rows.map(({ name }) => skeletonOf(name)));
    skeletons.delete("");
    return skeletons;
  }
}

function refused(message: Text): RefusalError {
  return new RefusalError("bad-request", message, [{ path: "name", message }]);
}
