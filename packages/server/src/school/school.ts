/**
 * Puts the school together: the store, accounts, lessons, imports, webhooks, and the routes of its API. What it hears of streams and
 * asks of them comes through `StreamDesk` and `take`; it knows nothing else of the picture.
 */
import type { Actor } from "../access/actor.ts";
import type { RecordingInfo } from "../access/policies/recording-info.ts";
import type { StreamPolicy } from "../access/policies/stream-policy.ts";
import type { ApiRoute } from "../access/route.ts";
import { newId } from "../platform/id.ts";
import type { Logger } from "../platform/log.ts";
import { withAdvisoryLock } from "../platform/store/advisory-lock.ts";
import { LeaderTask } from "../platform/store/leader-task.ts";
import { openStore, type StoreOptions } from "../platform/store/store.ts";
import { Mail, type MailOptions } from "./accounts/mail.ts";
import { generatePassword, hashPassword } from "./accounts/password.ts";
import { createFirstOperator, SignInService } from "./accounts/sign-in.ts";
import { AlarmService, type AlarmSource, type OpenAlarm } from "./alarms/alarm-service.ts";
import { type DemoSchool, openDemoSchool } from "./demo-school.ts";
import { ImportService } from "./imports/import-service.ts";
import { type ExpectedAudience, expectedAudiences } from "./lessons/expected-audience.ts";
import { findLesson, streamRule } from "./lessons/lesson.ts";
import { LiveLessons, type LiveStream } from "./lessons/live-lessons.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import { applyRecordingUpdate, type RecordingUpdate, recordingRule } from "./recordings/recording.ts";
import { RecordingPrefetch } from "./recordings/recording-prefetch.ts";
import { SpaceService } from "./recordings/space-service.ts";
import type { Desk, RecordingLibrary, StreamControl } from "./requests/route-context.ts";
import { allRoutes } from "./routes.ts";
import { Changes, SYSTEM } from "./store/change.ts";
import type { Database, Tables } from "./store/tables.ts";
import { WebhookService } from "./webhooks/webhook-service.ts";

export type { OpenAlarm } from "./alarms/alarm-service.ts";
export type { PrefetchResult as Prefetched } from "./requests/route-context.ts";
export type { DemoSchool, ExpectedAudience as Audience };

export type SchoolOptions = {
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly log: Logger;
  /** LECTERN_ADMIN_TOKEN. */
  readonly adminToken: string | null;
  /** LECTERN_ADMIN_PASSWORD: of the first operator; null to make one. */
  readonly adminPassword: string | null;
  readonly settings: () => {
    readonly operatorNetworks: readonly string[];
    readonly privateWebhooks: boolean;
    readonly mail: MailOptions;
  };
  readonly streams: Omit<StreamControl, "isLive">;
  readonly recordings: RecordingLibrary;
  /** Recordings go into the bin after so many days; 0: never. */
  readonly retainDays: () => number;
  /** What is live at present. */
  readonly live: readonly LiveStream[];
};

export type SchoolService = {
  readonly db: Database;
  readonly routes: readonly ApiRoute[];
  /** Who stands behind a bearer token. @throws RefusalError */
  readonly actorOf: (token: string | null, ip: string) => Promise<Actor>;
  /** The password of the first operator, when it was made just now. */
  readonly generatedPassword: string | null;
  /** A stream has begun (with what it is) or ended. */
  readonly streamChanged: (app: string, name: string, stream: LiveStream | null) => void;
  readonly streamRule: (app: string, name: string) => Promise<StreamPolicy | null>;
  /** A recording's files are others than they were. */
  readonly recordingUpdated: (news: RecordingUpdate) => Promise<void>;
  readonly recordingRule: (id: string) => Promise<RecordingInfo | null>;
  /** All that is wrong at present, as far as a source knows. */
  readonly reportAlarms: (source: AlarmSource, open: readonly OpenAlarm[]) => void;
  /** Those of these streams that somebody may see and end, by `app/name`; null: all. */
  readonly visibleStreams: (actor: Actor) => Promise<ReadonlySet<string> | null>;
  /** The stream of a lesson that somebody leads. @throws RefusalError */
  readonly lessonStream: (actor: Actor, lessonId: string) => Promise<{ readonly app: string; readonly name: string }>;
  /** Lessons that are on or about to begin, in which at least so many people are expected; the largest first. */
  readonly expectedAudiences: (atLeast: number, most: number) => Promise<ExpectedAudience[]>;
  /** The demonstration's school, made where it is not there. */
  readonly openDemo: () => Promise<DemoSchool>;
  /** A new password for the first operator, who has lost theirs. */
  readonly recoverOperator: () => Promise<{ login: string; password: string }>;
  readonly close: () => Promise<void>;
};

const SWEEP_MS = 3600 * 1000;
const KEEP_IDEMPOTENCY_MS = 24 * 3600 * 1000;
/** How long a deleted lesson can be put back; `docs/api.md` says it. */
const KEEP_DELETED_MS = 30 * 24 * 3600 * 1000;
const FIRST_SCHOOL = { slug: "school", name: "School", time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone, guests: true };

/** @throws StoreError when the database cannot be used */
export async function startSchool(options: SchoolOptions): Promise<SchoolService> {
  const { log, settings, dataDir } = options;
  const store = await openStore<Tables>({ url: options.databaseUrl, dataDir, migrations: MIGRATIONS, log });
  const { db } = store;
  /** Of several control processes one does what goes on by itself. */
  const leader: LeaderTask<Tables> = new LeaderTask(store, "lectern: on duty", log, async () => {
    await imports.failInterrupted();
    await lessons.start();
    alarms.resume();
    webhooks.wake();
  });
  const onDuty = () => leader.isLeader;
  const webhooks = new WebhookService({ db, log, allowPrivate: () => settings().privateWebhooks, onDuty });
  const changes = new Changes(db, () => webhooks.wake());
  const signIn = new SignInService({ db, adminToken: options.adminToken, operatorNetworks: () => settings().operatorNetworks });
  const made = await withAdvisoryLock(store, "lectern: the first", async () => {
    const password = await createFirstOperator(db, options.adminPassword, generatePassword, newId());
    if (password !== null) await firstSchool(db);
    return password;
  });
  const lessons = new LiveLessons(db, changes, log, options.live, onDuty);
  const imports = new ImportService(db, changes, log);
  const mail = new Mail(() => settings().mail, log);
  const alarms = new AlarmService(db, changes, log, onDuty);
  const space = new SpaceService({
    db,
    changes,
    alarms,
    log,
    recordings: options.recordings,
    streamRuleChanged: options.streams.ruleChanged,
    retainDays: options.retainDays,
  });
  const desk: Desk = {
    db,
    changes,
    signIn,
    imports,
    webhooks,
    mail,
    log,
    streams: { ...options.streams, isLive: (app, name) => lessons.isLive(app, name) },
    recordings: options.recordings,
    space,
    warmth: new RecordingPrefetch((id) => options.recordings.prefetch(id, [])),
  };
  await leader.start();
  await space.start();
  webhooks.start();
  const sweeping = setInterval(() => {
    if (onDuty()) sweep(desk).catch((error: unknown) => log.warn({ reason: String(error) }, "old rows could not be swept away"));
  }, SWEEP_MS);
  sweeping.unref();

  return {
    db,
    routes: allRoutes(desk),
    actorOf: (token, ip) => signIn.actorOf(token, ip),
    generatedPassword: made === "" ? null : made,
    streamChanged: (app, name, stream) => lessons.streamChanged(app, name, stream),
    streamRule: (app, name) => streamRule(db, app, name),
    recordingUpdated: async (news) => {
      const noted = await applyRecordingUpdate(changes, news);
      if (!noted) return;
      options.recordings.ruleChanged(news.id);
      space.check(noted.schoolId);
    },
    reportAlarms: (source, open) => alarms.report(source, open),
    recordingRule: (id) => recordingRule(db, id),
    visibleStreams: async ({ role, schoolId }) => {
      if (role === "operator") return null;
      const rows = await db
        .selectFrom("lessons")
        .select(["stream_app", "stream_name"])
        .where("school_id", "=", schoolId ?? "")
        .where("state", "=", "live")
        .execute();
      return new Set(rows.map(({ stream_app, stream_name }) => `${stream_app}/${stream_name}`));
    },
    lessonStream: async (actor, lessonId) => {
      const lesson = await findLesson(db, actor, lessonId, "assist");
      return { app: lesson.stream_app, name: lesson.stream_name };
    },
    expectedAudiences: (atLeast, most) => expectedAudiences(db, atLeast, most),
    openDemo: () => openDemoSchool(db, changes),
    recoverOperator: () => recoverOperator(changes, signIn),
    close: async () => {
      clearInterval(sweeping);
      await leader.close();
      webhooks.close();
      await space.close();
      await alarms.close();
      await lessons.close();
      await imports.close();
      await store.close();
    },
  };
}

async function firstSchool(db: Database): Promise<void> {
  const known = await db.selectFrom("schools").select("id").limit(1).executeTakeFirst();
  if (known) return;
  await db
    .insertInto("schools")
    .values({ id: newId(), ...FIRST_SCHOOL, admin_networks: "[]" as never })
    .execute();
}

async function sweep({ db, signIn, webhooks, space }: Desk): Promise<void> {
  const now = Date.now();
  await db.deleteFrom("sessions").where("expires_at", "<", new Date(now)).execute();
  await db.deleteFrom("password_resets").where("expires_at", "<", new Date(now)).execute();
  await db
    .deleteFrom("idempotency")
    .where("created_at", "<", new Date(now - KEEP_IDEMPOTENCY_MS))
    .execute();
  await db
    .deleteFrom("lessons")
    .where("deleted_at", "<", new Date(now - KEEP_DELETED_MS))
    .execute();
  await space.sweep(new Date(now - KEEP_DELETED_MS));
  await signIn.attempts.sweep();
  await webhooks.sweep();
}

/** The same while no server runs. @throws StoreError */
export async function recoverAlone(options: Omit<StoreOptions, "migrations">): Promise<{ login: string; password: string }> {
  const store = await openStore<Tables>({ ...options, migrations: MIGRATIONS });
  try {
    await createFirstOperator(store.db, null, generatePassword, newId());
    return await recoverOperator(new Changes(store.db, () => {}), null);
  } finally {
    await store.close();
  }
}

/** For whoever sits at the machine itself: the oldest operator gets a new password, and is let in again. */
async function recoverOperator(changes: Changes, signIn: SignInService | null): Promise<{ login: string; password: string }> {
  const password = generatePassword();
  const hash = await hashPassword(password);
  const { body } = await changes.transact(SYSTEM, async (change) => {
    const operator = await change.trx
      .selectFrom("users")
      .select(["id", "login"])
      .where("role", "=", "operator")
      .orderBy("id")
      .limit(1)
      .executeTakeFirstOrThrow();
    await change.trx.updateTable("users").set({ password_hash: hash, disabled_at: null }).where("id", "=", operator.id).execute();
    await change.trx.deleteFrom("sessions").where("user_id", "=", operator.id).execute();
    await change.trx.deleteFrom("attempts").execute();
    await change.audit({ action: "user.recover", schoolId: null, targetKind: "user", targetId: operator.id });
    change.afterCommit(() => signIn?.clearCache());
    return { body: { login: operator.login, password } };
  });
  return body;
}
