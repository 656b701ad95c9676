/** What all routes of the school stand on: whom they ask, how a list is cut into pages, which school a request is about. */
import type { Access, Actor, Role, Scope } from "../../access/actor.ts";
import { RefusalError } from "../../platform/api/server.ts";
import type { Logger } from "../../platform/log.ts";
import { brokenUniqueness } from "../../platform/store/store.ts";
import type { Mail } from "../accounts/mail.ts";
import type { SignInService } from "../accounts/sign-in.ts";
import type { ImportService } from "../imports/import-service.ts";
import type { RecordingUpdate } from "../recordings/recording.ts";
import type { RecordingPrefetch } from "../recordings/recording-prefetch.ts";
import type { SpaceService } from "../recordings/space-service.ts";
import type { Changes } from "../store/change.ts";
import type { Database, Db, School } from "../store/tables.ts";
import type { WebhookService } from "../webhooks/webhook-service.ts";

export type Desk = {
  readonly db: Database;
  readonly changes: Changes;
  readonly signIn: SignInService;
  readonly imports: ImportService;
  readonly webhooks: WebhookService;
  readonly mail: Mail;
  readonly log: Logger;
  readonly streams: StreamControl;
  readonly recordings: RecordingLibrary;
  readonly space: SpaceService;
  readonly warmth: RecordingPrefetch;
};

/** How much of a recording is there now, and the nodes that have some of it. */
export type PrefetchResult = { readonly seconds: number; readonly nodes: readonly string[] };

/** What the school asks of what is recorded, and tells those who give it to viewers. */
export type RecordingLibrary = {
  /** Begins or ends recording a stream by hand. False when it is not live. @throws RefusalError quota-reached */
  readonly record: (app: string, name: string, action: "start" | "stop") => Promise<boolean>;
  /** Fetches the beginning of a recording, so that it is there when somebody asks: to this node, and others. */
  readonly prefetch: (id: string, nodes: readonly string[] | "all") => Promise<PrefetchResult>;
  /** A recording was published, taken away, or put back. */
  readonly ruleChanged: (id: string) => void;
  /** Makes a recording of a piece of another; null when there is nothing there. Times in seconds. */
  readonly clip: (files: readonly string[], from: number, to: number) => Promise<RecordingUpdate | null>;
  /** Takes files away for good. */
  readonly remove: (files: readonly string[]) => Promise<void>;
};

/** What the school asks of the streams, and tells those who guard them. */
export type StreamControl = {
  readonly end: (app: string, name: string) => Promise<boolean>;
  readonly isLive: (app: string, name: string) => boolean;
  /** A lesson's key, state or people have changed. */
  readonly ruleChanged: (app: string, name: string) => void;
  /** Signs links. */
  readonly linkSecret: () => string;
  /** `rtmp://host:1935` for people who know this server as `https://host:8443`. */
  readonly rtmpOf: (origin: string) => string;
};

export function requires(scope: Scope, ...roles: readonly Role[]): Access {
  return { roles, scope };
}

export const EVERY_ROLE: readonly Role[] = ["operator", "administrator", "teacher", "assistant", "student", "supervisor"];
export const ADMINISTRATORS: readonly Role[] = ["operator", "administrator"];
export const STAFF: readonly Role[] = ["operator", "administrator", "teacher", "assistant"];
export const TEACHERS: readonly Role[] = ["operator", "administrator", "teacher"];

/** One page of rows that were asked for with one more than the limit. */
export function toPage<Row extends { readonly id: string }, Item>(rows: readonly Row[], limit: number, show: (row: Row) => Item) {
  const items = rows.slice(0, limit);
  return { items: items.map(show), nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/**
 * The school that somebody acts for: their own; an operator names it, unless there is only one.
 * @throws RefusalError not-found, bad-request
 */
export async function targetSchool(db: Db, actor: Actor, asked: string | undefined): Promise<School> {
  if (actor.schoolId !== null && asked !== undefined && asked !== actor.schoolId) throw noSuchSchool();
  const wanted = actor.schoolId ?? asked;
  const schools = db.selectFrom("schools").selectAll().where("archived_at", "is", null);
  if (wanted !== undefined) {
    const school = await schools.where("id", "=", wanted).executeTakeFirst();
    if (!school) throw noSuchSchool();
    return school;
  }
  const [only, another] = await schools.limit(2).execute();
  if (!only || another) throw new RefusalError("bad-request", "Say for which school: schoolId.");
  return only;
}

/** Null: all schools, for an operator who names none. */
export function schoolScope(actor: Actor, asked: string | undefined): string | null {
  if (actor.schoolId !== null && asked !== undefined && asked !== actor.schoolId) throw noSuchSchool();
  return actor.schoolId ?? asked ?? null;
}

export function actsFor(actor: Actor, schoolId: string | null): boolean {
  return actor.schoolId === null ? actor.role === "operator" : actor.schoolId === schoolId;
}

function noSuchSchool(): RefusalError {
  return new RefusalError("not-found", "There is no such school.");
}

/** The fields that were given. */
export function definedFields<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

export function toDate(text: string | null | undefined): Date | null {
  return text ? new Date(text) : null;
}

/** For `catch` of a change: what the database refuses because such a one is there already, in words. */
export function takenAs(words: string): (error: unknown) => never {
  return (error) => {
    if (brokenUniqueness(error) !== null) throw new RefusalError("conflict", words);
    throw error;
  };
}

/** A pattern of SQL's LIKE for what holds a text somewhere. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}
