/** A room with the domains of talk on a test database, for their unit tests. */
import { gunzipSync } from "node:zlib";
import type { PageState } from "@lectern/board";
import type { Caption, RoomEntry, RoomPerson, RoomRole, RoomSignal } from "@lectern/room";
import type { Sheddable } from "../../../contracts/degradation/sheddable.ts";
import type { ActionResult, RoomAnswer } from "../../../contracts/rooms/room-requests.ts";
import { newId } from "../../../platform/id.ts";
import type { Lesson } from "../../foundation/store/tables.ts";
import { insertLesson, insertSchool, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import type { Domain } from "../domain.ts";
import { storeEntries } from "../entry-store.ts";
import { Rooms } from "../rooms.ts";
import { assertDeclared, assertDeclaredSignals } from "../test-declared-entries.ts";
import type { TextVerdict } from "../text-check.ts";
import type { TalkContext } from "./talk-context.ts";
import { talkDomains } from "./talk-domains.ts";

export function person(role: RoomRole, name: string = role): RoomPerson {
  return { id: newId(), name, role };
}

export class TestRoom {
  readonly lesson: Lesson;
  /** What followers were told. */
  readonly entries: RoomEntry[] = [];
  readonly signals: RoomSignal[] = [];
  now = Date.parse("2026-11-20T09:00:00Z");
  people: ReadonlySet<string> = new Set();
  shed: readonly Sheddable[] = [];
  deliveries = 0;
  private rooms: Rooms;
  private readonly database: TestDatabase;
  private readonly more: readonly Domain[];

  private constructor(database: TestDatabase, lesson: TestRoom["lesson"], more: readonly Domain[]) {
    this.database = database;
    this.lesson = lesson;
    this.more = more;
    this.rooms = this.start();
  }

  /** @param more domains besides those of talk. @param fields of the lesson */
  static async open(
    database: TestDatabase,
    more: readonly Domain[] = [],
    fields: Parameters<typeof insertLesson>[2] = {},
  ): Promise<TestRoom> {
    const school = await insertSchool(database.db);
    return new TestRoom(database, await insertLesson(database.db, school.id, fields), more);
  }

  /** As by a person's page; the room is in the people's own time. */
  do(who: RoomPerson, kind: string, body: Readonly<Record<string, unknown>>, id = newId()): Promise<ActionResult> {
    return this.rooms.action(this.lesson.id, who, { id, kind, mediaTime: null, body });
  }

  /** As a media worker that hears what is said. */
  async hear(captions: readonly Caption[]): Promise<RoomAnswer> {
    const heard = captions.map((caption) => ({ id: newId(), caption }));
    return await this.rooms.request({ kind: "captions", room: this.lesson.id, captions: heard });
  }

  /** The code of the refusal; null: done. */
  async refusal(who: RoomPerson, kind: string, body: Readonly<Record<string, unknown>>): Promise<string | null> {
    const result = await this.do(who, kind, body);
    return "refused" in result ? result.refused : null;
  }

  /** The reference that an action is answered with. */
  async ref(who: RoomPerson, kind: string, body: Readonly<Record<string, unknown>>): Promise<string> {
    const result = await this.do(who, kind, body);
    if ("refused" in result) throw new Error(`${result.refused}: ${result.detail}`);
    return String(result.body?.["ref"]);
  }

  /** What newcomers get, by key. */
  async retained(): Promise<Map<string, RoomEntry>> {
    const { entries } = await this.rooms.content(this.lesson.id);
    return new Map(entries.map((entry) => [entry.key ?? "", entry]));
  }

  /** A page of the board; null: there is none. */
  async page(page: string): Promise<PageState | null> {
    const answer = await this.rooms.request({ kind: "page", room: this.lesson.id, page });
    return answer.kind === "page" ? JSON.parse(gunzipSync(Buffer.from(answer.gzip, "base64")).toString()) : null;
  }

  /** Reactions of before, stored past the room: the next process reads them. */
  async addEntries(count: number): Promise<void> {
    const { db } = this.database;
    const { epoch, head } = await this.rooms.content(this.lesson.id);
    const entries = Array.from({ length: count }, (_, i) => ({
      kind: "reaction",
      to: "all" as const,
      key: null,
      gone: false,
      sampled: true,
      body: {},
      mediaTime: null,
      from: null,
      seq: head + 1 + i,
      at: this.now,
      id: newId(),
    }));
    await storeEntries(db, this.lesson.id, epoch, entries);
    const last = { head: head + count };
    await db.updateTable("rooms").set(last).where("lesson_id", "=", this.lesson.id).execute();
  }

  /** Another process opens the room. */
  async restart(): Promise<void> {
    await this.rooms.close();
    this.rooms = this.start();
    await this.rooms.content(this.lesson.id);
  }

  async close(): Promise<void> {
    await this.rooms.close();
    assertDeclared(this.entries);
    assertDeclaredSignals(this.signals);
  }

  private start(): Rooms {
    const degradation = { sheds: (what: Sheddable) => this.shed.includes(what) };
    const shedding = {
      opened: () => {},
      closed: () => {},
    };
    const now = () => this.now;
    return new Rooms({
      db: this.database.db,
      log: silentLog,
      now,
      domains: [...talkDomains({ check, hold, degradation, shedding, now }), ...this.more],
      links: {
        self: "node/1",
        isNodeUp: () => true,
        askAt: () => Promise.reject(new Error("there is one node")),
        onUpdate: ({ entries, signals }) => {
          this.entries.push(...entries);
          this.signals.push(...signals);
        },
      },
      openPresence: async () => ({ report: () => {}, people: () => this.people, close: async () => {} }),
      onDeliveriesQueued: () => this.deliveries++,
      onCommitted: () => {},
    });
  }
}

/** As moderation does it. */
const hold: TalkContext["hold"] = (_room, { person: { id, name, role } }, { ref, text, reason, entry }) => {
  const body = { ref, textKind: entry.kind, text, person: { id, name, role }, reason, entry };
  return { entries: [{ kind: "moderation", to: "staff", key: `held/${ref}`, body }], answer: { held: true } };
};

/** Says by the words of a text what its school's lists say. */
function check(_school: string, text: string): TextVerdict {
  if (/damn/.test(text)) return { action: "mask", text: text.replaceAll("damn", "****"), reason: "mild" };
  if (/fight/.test(text)) return { action: "hold", text, reason: "violence" };
  return /hate/.test(text) ? { action: "refuse", text, reason: "worst" } : { action: "pass", text, reason: null };
}
