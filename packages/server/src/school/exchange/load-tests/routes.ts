/** Serves the API routes by which `lectern load` begins a load test, and has all removed that tests made. Both need the server's `load.secret`. */
import { sql } from "kysely";
import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { LoadTestSettings } from "../../../platform/config/load-tests-schema.ts";
import { equalSecrets } from "../../../platform/secrets.ts";
import { loadTestText } from "../../foundation/messages/load-test-texts.ts";
import { id, text, time } from "../../foundation/requests/fields.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { StreamControl } from "../../lessons/stream-control.ts";
import { beginLoadTest, endLoadTests } from "./load-test.ts";

const TAG = "Load tests";
const MINUTE_MS = 60_000;
const MAX_SECRET = 200;

export type LoadTestContext = RouteContext & {
  readonly loadTests: () => LoadTestSettings;
  readonly signIn: { readonly clearCache: () => void };
  readonly streams: Pick<StreamControl, "ruleChanged">;
};

const secret = z.string().max(MAX_SECRET).describe("`load.secret` of the server.");
const newLoadTest = z.strictObject({
  secret,
  title: text(100),
  people: z.int().min(0).describe("How many people the test has at most."),
  lessons: z.int().min(0).describe("How many lessons and examinations it has."),
  minutes: z.int().min(1).describe("How long it lasts at most. A test that was not ended ends by itself after `load.maxMinutes`."),
});

export function loadTestRoutes(context: LoadTestContext): ApiRoute[] {
  return [beginLoadTestRoute(context), endLoadTestsRoute(context)];
}

function beginLoadTestRoute({ changes, loadTests }: LoadTestContext): ApiRoute {
  return route({
    id: "beginLoadTest",
    method: "POST",
    path: "/load-tests",
    tag: TAG,
    summary: "Begin a load test: a school of its own, and a key that acts for it; only this answer contains the key",
    access: everybody("system:write"),
    // The server allows none.
    rights: ["--------", null],
    body: newLoadTest,
    status: 201,
    answer: z.object({ schoolId: id, key: z.string(), endsAt: time.describe("When the test ends by itself.") }),
    refusals: ["load-tests-off", "bad-credential", "refused-by-rule", "conflict", "database-away"],
    handle: async ({ actor, body }) => {
      const settings = loadTests();
      assertSecret(settings, body.secret);
      assertSize(settings, body);
      const endsAt = new Date(Date.now() + settings.maxMinutes * MINUTE_MS);
      return await changes.transact({ actor }, async (change) => {
        // Of two that begin at once, the second sees the first.
        await sql`select pg_advisory_xact_lock(hashtext('lectern: load test'))`.execute(change.trx);
        const running = await change.trx
          .selectFrom("schools")
          .select("id")
          .where("load_test_until", "is not", null)
          .where("deleting_since", "is", null)
          .limit(1)
          .executeTakeFirst();
        if (running) throw new RefusalError("conflict", loadTestText("one-at-a-time"));
        const { schoolId, key } = await beginLoadTest(change, { title: body.title, endsAt, maxBytes: settings.maxBytes });
        return { body: { schoolId, key, endsAt } };
      });
    },
  });
}

function endLoadTestsRoute({ changes, loadTests, signIn, streams }: LoadTestContext): ApiRoute {
  return route({
    id: "endLoadTests",
    method: "POST",
    path: "/load-tests/end",
    tag: TAG,
    summary: "End all load tests, and delete what they made in the background: schools, people, lessons, recordings and files",
    access: everybody("system:write"),
    // The server allows none.
    rights: ["--------", null],
    body: z.strictObject({ secret }),
    status: 202,
    answer: z.object({ schools: z.array(id).describe("Those that are deleted now.") }),
    refusals: ["load-tests-off", "bad-credential", "database-away"],
    handle: async ({ actor, body }) => {
      assertSecret(loadTests(), body.secret);
      return await changes.transact({ actor }, async (change) => {
        const schools = await change.trx
          .selectFrom("schools")
          .selectAll()
          .where("load_test_until", "is not", null)
          .where("deleting_since", "is", null)
          .execute();
        await endLoadTests(change, schools, streams.ruleChanged);
        change.afterCommit(() => signIn.clearCache());
        return { body: { schools: schools.map((school) => school.id) } };
      });
    },
  });
}

/** @throws RefusalError load-tests-off, bad-credential */
function assertSecret({ secret: own }: LoadTestSettings, sent: string): void {
  if (own === "") throw new RefusalError("load-tests-off");
  if (!equalSecrets(own, sent)) throw new RefusalError("bad-credential", loadTestText("wrong-secret"));
}

/** @throws RefusalError refused-by-rule */
function assertSize(settings: LoadTestSettings, { people, lessons, minutes }: z.infer<typeof newLoadTest>): void {
  const { maxPeople, maxLessons, maxMinutes } = settings;
  if (people > maxPeople)
    throw new RefusalError("refused-by-rule", loadTestText("too-many-people", { max: maxPeople, count: people }));
  if (lessons > maxLessons)
    throw new RefusalError("refused-by-rule", loadTestText("too-many-lessons", { max: maxLessons, count: lessons }));
  if (minutes > maxMinutes)
    throw new RefusalError("refused-by-rule", loadTestText("too-long", { max: maxMinutes, count: minutes }));
}
