/** Opens a school for a test: the real API on a real database in this process, with two schools that have rows of every kind. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { createServer } from "node:http";
import { pino } from "pino";
import { z } from "zod";
import { type Explain, explainer } from "../packages/server/src/access/explanation.ts";
import type { ProtectionState } from "../packages/server/src/access/protection/protection-messages.ts";
import type { ApiRoute } from "../packages/server/src/access/route.ts";
import { Degradation } from "../packages/server/src/contracts/degradation/degradation.ts";
import type { JobReport } from "../packages/server/src/contracts/jobs/job-report.ts";
import { boardPdf } from "../packages/server/src/library/boards/board-pdf.ts";
import { apiHost } from "../packages/server/src/node/web/api-host.ts";
import { capacityRoutes } from "../packages/server/src/operations/capacity-routes.ts";
import { dispatchRoutes } from "../packages/server/src/operations/dispatch-routes.ts";
import { jobRoutes } from "../packages/server/src/operations/job-routes.ts";
import { operationsRoutes } from "../packages/server/src/operations/monitoring-routes.ts";
import { nodeRoutes } from "../packages/server/src/operations/node-routes.ts";
import { noteMethods } from "../packages/server/src/platform/api/allowed-methods.ts";
import { registerRoute } from "../packages/server/src/platform/api/route.ts";
import { createApiServer } from "../packages/server/src/platform/api/server.ts";
import type { AuditSettings } from "../packages/server/src/platform/config/audit-schema.ts";
import type { LoadTestSettings } from "../packages/server/src/platform/config/load-tests-schema.ts";
import { newId } from "../packages/server/src/platform/id.ts";
import type { Logger } from "../packages/server/src/platform/log.ts";
import { hashSecret, newSecret } from "../packages/server/src/platform/secrets.ts";
import type { Store } from "../packages/server/src/platform/store/store.ts";
import { deliveryBodies } from "../packages/server/src/school/exchange/webhooks/event-shapes.ts";
import type { Database, Tables } from "../packages/server/src/school/foundation/store/tables.ts";
import { embeddedDatabases } from "../packages/server/src/school/foundation/store/test-database.ts";
import type { LiveStream } from "../packages/server/src/school/lessons/live-lessons.ts";
import { hashPassword } from "../packages/server/src/school/people/accounts/password.ts";
import type { LimitSettings } from "../packages/server/src/school/people/limits/limit-settings.ts";
import { type SchoolService, startSchool } from "../packages/server/src/school/school.ts";
import type { JobControl } from "../packages/server/src/school/streams/jobs/job-control.ts";
import type { Scope } from "./lectern.ts";

export const OPERATOR_TOKEN = "operator-token";
export const PASSWORD = "correct horse";
export const ENCRYPTION_SECRET = "an encryption secret";

export type Answer = {
  readonly status: number;
  // What an answer has is each test's own business.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
};
export type CallOptions = {
  readonly as?: string | null;
  readonly body?: unknown;
  readonly csv?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ip?: string;
};

export type TestSchool = {
  readonly service: SchoolService;
  readonly routes: readonly ApiRoute[];
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Answer>;
  /** The same, and fails unless it succeeds. */
  readonly ok: (method: string, path: string, options?: CallOptions) => Promise<Answer["body"]>;
  /** A person with a session, whose password is PASSWORD. */
  readonly person: (schoolId: string, role: string, login?: string) => Promise<{ id: string; token: string }>;
  /** What the school asked of the streams. */
  readonly asked: string[];
  /** Emits `change` each time that the wanted jobs may have changed. */
  readonly wanted: EventEmitter;
};

export type SchoolTestOptions = {
  /** An open database, which the school closes. Default: an embedded one without rows. */
  readonly store?: Store<Tables>;
  readonly live?: readonly LiveStream[];
  readonly operatorNetworks?: readonly string[];
  readonly operatorSecondFactor?: () => boolean;
  readonly operatorToken?: () => { readonly expires: string; readonly allowedNetworks: string[] };
  /** Default: schools' webhooks may lead anywhere. */
  readonly publicWebhooksOnly?: boolean;
  /** Directories that files of address lists may be in. */
  readonly listDirectories?: readonly string[];
  /** Private networks that sign-on providers may be in. */
  readonly signOnNetworks?: readonly string[];
  readonly encryptionSecrets?: () => readonly string[];
  /** Whether the data of people is encrypted. Default: with TEST_AT_REST=1. */
  readonly atRest?: boolean;
  /** How the jobs of the nodes are. Default: there are none. */
  readonly jobs?: () => readonly JobReport[];
  readonly audit?: AuditSettings;
  readonly mail?: { readonly smtp: string; readonly from: string; readonly publicUrl: string };
  /** Default: by LECTERN_LOG_LEVEL, which is silent. */
  readonly log?: Logger;
  /** Default: none that a test could reach. */
  readonly limits?: Partial<LimitSettings>;
  /** Default: load tests are off. */
  readonly load?: Partial<LoadTestSettings>;
  /** What the nodes say of their measures. Default: there are none. */
  readonly protection?: () => ProtectionState;
  readonly degradation?: Degradation;
};

const SESSION_MS = 3_600_000;
const UNLIMITED = { burst: 1_000_000, requestsPerSecond: 1_000_000, joinsPerSecond: 1_000_000 };

export async function openSchool(t: Scope, options: SchoolTestOptions = {}): Promise<TestSchool> {
  const asked: string[] = [];
  const log = options.log ?? pino({ level: process.env["LECTERN_LOG_LEVEL"] ?? "silent" });
  const wanted = new EventEmitter();
  const jobs: JobControl = { wantedChanged: () => wanted.emit("change"), reports: async () => options.jobs?.() ?? [] };
  const service: SchoolService = await startSchool({
    ...schoolOptions(options, log, asked, jobs),
    store: options.store ?? (await embeddedDatabases.borrow()),
    explain: explainOf(() => service),
  });
  const routes = [...service.routes, ...otherRoutes(service, asked, jobs)];
  const api = createApiServer({ log, createServer: (handler) => createServer(handler) });
  const host = apiHost({ actorOf: service.actorOf, ipOf: ({ headers }) => String(headers["x-test-ip"]), publicUrl: () => "" });
  const refuseOtherMethods = noteMethods(api);
  for (const route of routes) registerRoute(api, route, host);
  refuseOtherMethods();
  await api.ready();
  t.after(async () => {
    await api.close();
    await checkDeliveries(service.db);
    await service.close();
  });
  const { call, ok } = callsOf(api);
  let people = 0;
  return {
    service,
    routes,
    call,
    ok,
    asked,
    wanted,
    person: async (schoolId, role, login = `person${++people}`) => {
      const of = role === "operator" ? {} : { schoolId };
      const { id } = await ok("POST", "/users", { body: { ...of, login, name: `The ${role}`, role } });
      return { id, token: await openSession(service.db, id) };
    },
  };
}

/** Hashing a password takes 30 ms of computing: all people of a process have the same hash. */
let hashed: Promise<string> | null = null;

/** Gives a person the password PASSWORD and a session, without the API. @returns the session's token */
async function openSession(db: Database, user_id: string): Promise<string> {
  hashed ??= hashPassword(PASSWORD);
  await db
    .updateTable("users")
    .set({ password_hash: await hashed })
    .where("id", "=", user_id)
    .execute();
  const token = newSecret();
  const [seen_at, expires_at] = [new Date(), new Date(Date.now() + SESSION_MS)];
  await db
    .insertInto("sessions")
    .values({ token_hash: hashSecret(token), user_id, ip: "10.0.0.1", agent: "", seen_at, expires_at })
    .execute();
  return token;
}

/** What the school stands on: streams and recordings that note in `asked` what they were asked for. Long because it is a list of them. */
function schoolOptions(
  options: SchoolTestOptions,
  log: Logger,
  asked: string[],
  jobs: JobControl,
): Omit<Parameters<typeof startSchool>[0], "explain" | "store"> {
  return {
    log,
    version: "0.0.0",
    encryptionSecrets: options.encryptionSecrets ?? (() => [ENCRYPTION_SECRET]),
    encryption: { atRest: options.atRest ?? process.env["TEST_AT_REST"] === "1" },
    linkSecrets: () => ["link-secret"],
    writeBoardPdf: boardPdf,
    adminToken: OPERATOR_TOKEN,
    adminPassword: PASSWORD,
    settings: () => ({
      operators: {
        allowedNetworks: [...(options.operatorNetworks ?? [])],
        secondFactor: options.operatorSecondFactor?.() ?? false,
        token: options.operatorToken?.() ?? { expires: "", allowedNetworks: [] },
      },
      privateWebhooks: !options.publicWebhooksOnly,
      maxCaptions: 4,
      listDirectories: options.listDirectories ?? [],
      mail: options.mail ?? { smtp: "", from: "", publicUrl: "" },
      sessions: { idleMinutes: 43_200, maxDays: 90 },
      apps: ["live", "channels"],
      signOnNetworks: options.signOnNetworks ?? [],
      audit: options.audit ?? { keepDays: 0, syslog: { url: "", format: "rfc5424", ca: "", cert: "", key: "" } },
      load: { secret: "", maxPeople: 100, maxLessons: 10, maxMinutes: 60, maxBytes: 1e9, ...options.load },
      limits: { perAddress: UNLIMITED, perPerson: UNLIMITED, perCode: UNLIMITED, ...options.limits },
    }),
    streams: {
      end: async (app, name) => {
        asked.push(`end ${app}/${name}`);
        return true;
      },
      ruleChanged: (app, name) => asked.push(`rule ${app}/${name}`),
      policyChanged: (notice) => asked.push(`policy ${JSON.stringify(notice)}`),
      told: async (tell) => tell(),
      linkSecret: () => "link-secret",
      rtmpOf: (origin) => `rtmp://${new URL(origin).hostname}`,
      srtOf: (origin) => `srt://${new URL(origin).hostname}:10080`,
    },
    live: options.live ?? [],
    jobs,
    protection: {
      mode: () => "enforce",
      state: async () => options.protection?.() ?? { held: [], ended: [] },
      release: (release) => asked.push(`release ${JSON.stringify(release)}`),
    },
    degradation: options.degradation ?? new Degradation(),
    node: "node-1",
    onCommitted: () => {},
    recordings: {
      record: async (app, name, action) => {
        asked.push(`record ${action} ${app}/${name}`);
        return true;
      },
      prefetch: async (id) => {
        asked.push(`prefetch ${id}`);
        return { seconds: 1, nodes: ["n"] };
      },
      ruleChanged: (id) => asked.push(`recording ${id}`),
      orderDownload: async () => ({ refused: "disk-full" }),
      findDownload: async () => null,
      cancelDownload: async () => {},
      clip: async (_, from, to) => ({
        id: newId(),
        app: "live",
        name: "clip",
        epoch: "e",
        startedAt: Date.now(),
        seconds: to - from,
        bytes: 1,
        whole: true,
        files: [],
        node: "n",
        epochs: ["e"],
        spans: [],
      }),
      remove: async (files) => {
        asked.push(`remove ${files.join(" ")}`);
      },
    },
    materials: materialStore(asked),
    rooms: {
      self: "test/control",
      isNodeUp: () => false,
      askAt: () => Promise.reject(new Error("no other node")),
      onUpdate: () => {},
    },
    stillOf: async () => null,
    retainDays: () => 0,
  };
}

/** The real rules, for a server that is open to everybody; places and lists are not known. */
function explainOf(service: () => SchoolService): Explain {
  return explainer({
    settings: () => ({ publish: { allow: "any", keys: {} }, play: { allow: "any" }, linkSecrets: ["link-secret"] }),
    addresses: { locationOf: () => null, ready: async () => {}, isListed: () => null },
    backEnds: { asked: async (subject) => subject },
    snapshot: () => service().answers.policySnapshot(null),
    streamPolicy: (app, name) => service().streamPolicy(app, name),
    recordingInfo: (id) => service().answers.recordingRule({ id }),
  });
}

/** Routes that the API has besides those of the school. */
function otherRoutes(service: SchoolService, asked: string[], { reports }: JobControl): ApiRoute[] {
  const operations = operationsRoutes({
    streams: async () => [],
    endStream: async (app, name) => {
      asked.push(`end ${app}/${name}`);
      return true;
    },
    recordStream: async (app, name, action) => {
      asked.push(`record ${action} ${app}/${name}`);
      return true;
    },
    streamsOf: service.visibleStreams,
    lessonStream: service.lessonStream,
    attemptsOf: () => [],
    stillOf: (app, name) => `/${app}/${name}.jpg`,
    metrics: async () => ({ contentType: "text/plain", text: "" }),
    admitToMetrics: async () => {},
  });
  const nodes = nodeRoutes({
    nodes: async () => [],
    drainNode: async (id) => id === "n1",
    prefetchStream: async () => [],
    components: () => [],
    isLive: () => true,
  });
  const capacity = capacityRoutes(() => ({ decidedAt: 0, expected: { people: 0, lessons: 0 }, groups: [] }));
  const dispatch = dispatchRoutes({
    choose: () => [{ node: "n1", http: "", rtmp: "", region: "", carriers: [], load: 0, cost: 0, reason: "" }],
    explain: () => ({ region: "", carrier: "", nodes: [] }),
    isLive: () => true,
    ipOf: () => "10.0.0.1",
    rtmpOf: () => "rtmp://school.example",
  });
  return [...operations, ...jobRoutes({ reports, jobsOf: service.visibleJobs }), ...nodes, ...capacity, ...dispatch];
}

/** Calls of the API without a socket. */
function callsOf(api: ReturnType<typeof createApiServer>): Pick<TestSchool, "call" | "ok"> {
  const call: TestSchool["call"] = async (method, path, { as = OPERATOR_TOKEN, body, csv, headers = {}, ip = "10.0.0.1" } = {}) => {
    const payload = csv ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await api.inject({
      method: method as "GET",
      url: `/api/v1${path}`,
      headers: {
        host: "school.example",
        "x-test-ip": ip,
        ...(payload === undefined ? {} : { "content-type": csv === undefined ? "application/json" : "text/csv" }),
        ...(as === null ? {} : { authorization: `Bearer ${as}` }),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
    });
    const type = String(answer.headers["content-type"] ?? "");
    const content = type.includes("json") ? answer.json() : /^(?:text\/|$)/.test(type) ? answer.payload : answer.rawPayload;
    return { status: answer.statusCode, body: content, headers: answer.headers };
  };
  const ok: TestSchool["ok"] = async (method, path, callOptions) => {
    const { status, body } = await call(method, path, callOptions);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  return { call, ok };
}

/** Notes what it is asked for. */
function materialStore(asked: string[]): Parameters<typeof startSchool>[0]["materials"] {
  return {
    self: "n",
    maxBytes: () => 1_000_000,
    freeBytes: async () => null,
    isNodeUp: () => false,
    write: async (_node, id, offset, bytes) => {
      asked.push(`upload ${id} ${offset} ${bytes.length}`);
    },
    // What the test sends is the whole of a file.
    uploaded: async () => 4,
    reserve: async () => false,
    convert: async () => "busy",
    read: async () => Buffer.from("picture"),
    readOriginal: async () => null,
    settle: async (node) => node,
    remove: async (_node, id) => {
      asked.push(`remove ${id}`);
    },
  };
}

/** Every delivery that a test queued is what the OpenAPI document says of its event, and no more. */
async function checkDeliveries(db: Database): Promise<void> {
  const bodies = deliveryBodies();
  for (const { event, body } of await db.selectFrom("deliveries").select(["event", "body"]).execute()) {
    // A row that the test itself has made.
    if (body === "{}") continue;
    const sent = JSON.parse(body);
    const { data, ...envelope } = bodies[event]?.shape ?? {};
    assert.ok(data instanceof z.ZodObject, `${event} has no shape`);
    assert.deepEqual(z.strictObject({ ...envelope, data: data.strict() }).safeParse(sent).error?.issues, undefined, body);
  }
}
