/** A room with the domains of talk and moderation on a test database, for unit tests. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { TestContext } from "node:test";
import type { RoomEntry, RoomPerson, RoomRole } from "@lectern/room";
import type { ActionResult } from "../../../contracts/rooms/room-requests.ts";
import { newId } from "../../../platform/id.ts";
import type { WordAction } from "../../foundation/store/moderation-tables.ts";
import { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Lesson } from "../../foundation/store/tables.ts";
import { insertLesson, insertSchool, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import type { Domain } from "../domain.ts";
import { Rooms } from "../rooms.ts";
import { talkDomains } from "../talk/talk-domains.ts";
import { assertDeclared } from "../test-declared-entries.ts";
import { moderationDomain } from "./domain.ts";
import { ExternalChecks } from "./external-checks.ts";
import { holdText } from "./held-texts.ts";
import { TextChecks } from "./text-checks.ts";

/** One control process with its rooms. */
export class ModeratedSchool {
  readonly lesson: Lesson;
  readonly entries: RoomEntry[] = [];
  readonly changedRules: string[] = [];
  now = Date.parse("2026-11-20T09:00:00Z");
  readonly checks: TextChecks;
  private readonly database: TestDatabase;
  readonly rooms: Rooms;
  private waiting: (() => void)[] = [];
  private readonly timers = new Set<{ readonly at: number; readonly call: () => void }>();

  constructor(database: TestDatabase, lesson: Lesson) {
    this.database = database;
    this.lesson = lesson;
    const { db, store } = database;
    const log = silentLog;
    const now = () => this.now;
    this.checks = new TextChecks({ store, log, storedSecrets: new StoredSecrets(() => [], log) });
    const external = new ExternalChecks({ checks: this.checks, log, allowPrivate: () => true });
    const degradation = { sheds: () => false };
    const shedding = { opened: () => {}, closed: () => {} };
    const { check } = this.checks;
    const talk = talkDomains({ check, hold: holdText(this.checks, external), degradation, shedding, now });
    const moderation = moderationDomain({
      checks: this.checks,
      external,
      clock: { utc: now, after: (ms, call) => this.later(ms, call) },
      ruleChanged: (app, name) => this.changedRules.push(`${app}/${name}`),
      permissionsChanged: (entries) => this.changedRules.push(...entries.map(({ targetId }) => targetId)),
    });
    this.rooms = new Rooms({
      db,
      log,
      now,
      domains: [...talk, moderation as Domain],
      links: {
        self: `node/${newId()}`,
        isNodeUp: () => true,
        askAt: () => Promise.reject(new Error("there is one node")),
        onUpdate: ({ entries }) => {
          this.entries.push(...entries);
          for (const call of this.waiting.splice(0)) call();
        },
      },
      openPresence: async () => ({ report: () => {}, people: () => new Set(), close: async () => {} }),
      onDeliveriesQueued: () => {},
      onCommitted: () => {},
    });
  }

  /** Runs the timers whose time has come. */
  advance(milliseconds: number): void {
    this.now += milliseconds;
    for (const timer of [...this.timers].filter(({ at }) => at <= this.now)) {
      this.timers.delete(timer);
      timer.call();
    }
  }

  private later(milliseconds: number, call: () => void): () => void {
    const timer = { at: this.now + milliseconds, call };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  static async open(t: TestContext, database: TestDatabase, lesson?: Lesson): Promise<ModeratedSchool> {
    const of = lesson ?? (await insertLesson(database.db, (await insertSchool(database.db)).id));
    const school = new ModeratedSchool(database, of);
    t.after(() => school.close());
    return school;
  }

  async addWords(action: WordAction, words: string, name: string = action): Promise<string> {
    const id = newId();
    const row = { id, school_id: this.lesson.school_id, name, action, words, word_count: 1, skips_signs: true, enabled: true };
    await this.database.db.insertInto("word_lists").values(row).execute();
    return id;
  }

  async addCheck(
    url: string,
    fallback: "pass" | "hold" | "refuse",
    deadlineMs = 5000,
    kind: "text" | "picture" = "text",
  ): Promise<void> {
    const row = { id: newId(), school_id: this.lesson.school_id, kind, url, secret: "secret", fallback };
    await this.database.db
      .insertInto("content_checks")
      .values({ ...row, deadline_ms: deadlineMs, interval_seconds: 30, enabled: true })
      .execute();
  }

  /** A participant of the lesson. */
  async join(role: RoomRole, name: string): Promise<RoomPerson> {
    const id = newId();
    const row = { id, lesson_id: this.lesson.id, name, role: "guest" as const, joined_at: new Date(), seen_at: new Date() };
    await this.database.db.insertInto("participants").values(row).execute();
    return { id, name, role };
  }

  do(who: RoomPerson, kind: string, body: Readonly<Record<string, unknown>>, id = newId()): Promise<ActionResult> {
    return this.rooms.action(this.lesson.id, who, { id, kind, mediaTime: null, body });
  }

  moderate(who: RoomPerson, body: Readonly<Record<string, unknown>>): Promise<ActionResult> {
    return this.do(who, "moderation", body);
  }

  /** The answer to a line, or the code of its refusal. */
  async say(who: RoomPerson, text: string, kind = "chat"): Promise<Readonly<Record<string, unknown>> | string> {
    const result = await this.do(who, kind, kind === "question" ? { action: "ask", text } : { text });
    return "refused" in result ? result.refused : (result.body ?? {});
  }

  async ref(who: RoomPerson, text: string, kind = "chat"): Promise<string> {
    const answer = await this.say(who, text, kind);
    return typeof answer === "string" ? answer : String(answer["ref"]);
  }

  /** What newcomers get, by key. */
  async retained(): Promise<Map<string, RoomEntry>> {
    const { entries } = await this.rooms.content(this.lesson.id);
    return new Map(entries.map((entry) => [entry.key ?? "", entry]));
  }

  /** Resolves when an entry is such. */
  async entry(isIt: (entry: RoomEntry) => boolean): Promise<RoomEntry> {
    for (;;) {
      const found = this.entries.find(isIt);
      if (found) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async close(): Promise<void> {
    await this.rooms.close();
    await this.checks.close();
    assertDeclared(this.entries);
  }
}

export function codeOf(result: ActionResult): string | null {
  return "refused" in result ? result.refused : null;
}

/** A school's own check. @param answer of a text; null: none */
export async function checkServer(t: TestContext, answer: (text: string) => object | null) {
  const asked: { readonly body: string; readonly signature: string; readonly text: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const { text } = JSON.parse(body).data;
    asked.push({ body, text, signature: String(request.headers["lectern-signature"]) });
    const answered = answer(text);
    if (answered) response.end(JSON.stringify(answered));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { asked, url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/check` };
}
