/** The queue of webhook deliveries on a real database: dead endpoints hold up nobody, and pause. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { FAILURES_BEFORE_PAUSE } from "../../foundation/delivery/endpoint-health.ts";
import type { Post } from "../../foundation/delivery/post-delivery.ts";
import type { DeliveryResult } from "../../foundation/delivery/retry-schedule.ts";
import { WEBHOOK_DELIVERIES } from "../../foundation/store/events.ts";
import { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { School } from "../../foundation/store/tables.ts";
import { insertSchool, openTestDatabase, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import { BackgroundWork } from "../../foundation/work/background-work.ts";
import { PLACES, sweepDeliveries, webhookDeliveries } from "./webhook-deliveries.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

async function insertWebhook(school: School, url: string, deliveries: number): Promise<string> {
  const { db } = database;
  const id = newId();
  const row = { id, school_id: school.id, url, events: json<readonly string[]>([]), secret: "s", enabled: true };
  await db.insertInto("webhooks").values(row).execute();
  const due = new Date(Date.now() - 1000);
  const rows = Array.from({ length: deliveries }, () => ({
    id: newId(),
    webhook_id: id,
    event: "lesson.created",
    body: "{}",
    state: "pending" as const,
    attempts: 0,
    next_at: due,
  }));
  await db.insertInto("deliveries").values(rows).execute();
  return id;
}

/** Deliveries whose posts to `dead` wait until they are failed by hand, and others succeed at once. */
function startWork() {
  const posts: Post[] = [];
  const pending: (() => void)[] = [];
  let wakeUp = () => {};
  const post = (sent: Post): Promise<DeliveryResult> => {
    posts.push(sent);
    wakeUp();
    if (!sent.url.includes("dead")) return Promise.resolve({ status: 204, error: null });
    return new Promise((resolve) => pending.push(() => resolve({ status: null, error: "no answer" })));
  };
  const work = new BackgroundWork({ log: silentLog, isLeader: () => true });
  const storedSecrets = new StoredSecrets(() => [], silentLog);
  work.add(webhookDeliveries({ db: database.db, log: silentLog, storedSecrets, allowPrivate: () => true, post }));
  work.start();
  const posted = async (test: () => boolean) => {
    while (!test()) await new Promise<void>((resolve) => (wakeUp = resolve));
  };
  const failAll = () => {
    for (const fail of pending.splice(0)) fail();
  };
  const close = async () => {
    const closing = work.close();
    failAll();
    await closing;
  };
  return { work, posts, posted, failAll, close };
}

async function clear(): Promise<void> {
  await database.db.deleteFrom("webhooks").execute();
}

test("a school's twenty dead webhooks with a thousand deliveries do not hold up another school's event", async () => {
  const [loud, quiet] = [await insertSchool(database.db), await insertSchool(database.db)];
  for (let i = 0; i < 20; i++) await insertWebhook(loud, `https://dead.example/${i}`, 50);
  await insertWebhook(quiet, "https://alive.example/", 3);
  const { posts, posted, close } = startWork();
  // No dead endpoint has answered yet.
  await posted(() => posts.filter(({ url }) => url.includes("alive")).length === 3);
  assert.ok(posts.filter(({ url }) => url.includes("dead")).length <= PLACES.perSchool);
  await close();
  await clear();
});

test("an endpoint that fails is paused after five failures; its other deliveries wait without using up attempts", async () => {
  const { db } = database;
  const webhookId = await insertWebhook(await insertSchool(db), "https://dead.example/", 30);
  const { work, posts, posted, failAll, close } = startWork();
  const read = () => db.selectFrom("webhooks").selectAll().where("id", "=", webhookId).executeTakeFirstOrThrow();
  let webhook = await read();
  while (webhook.failures < FAILURES_BEFORE_PAUSE) {
    const sent = posts.length;
    if (webhook.failures === 0) await posted(() => posts.length >= 1);
    failAll();
    webhook = await read();
    assert.ok(posts.length >= sent);
  }
  while ((webhook = await read()).paused_until === null);
  failAll();
  assert.ok(Number(webhook.paused_until) > Date.now() + 20_000);
  const untouched = await db
    .selectFrom("deliveries")
    .select("id")
    .where("webhook_id", "=", webhookId)
    .where("attempts", "=", 0)
    .execute();
  assert.ok(untouched.length >= 30 - FAILURES_BEFORE_PAUSE - PLACES.perTarget, `${untouched.length} were never sent`);

  await db
    .updateTable("webhooks")
    .set({ paused_until: new Date(0), url: "https://alive.example/" })
    .where("id", "=", webhookId)
    .execute();
  const before = posts.length;
  work.wake(WEBHOOK_DELIVERIES);
  await posted(() => posts.length >= before + untouched.length);
  while ((webhook = await read()).failures > 0);
  assert.equal(webhook.paused_until, null);
  assert.ok(webhook.last_delivered_at);
  await close();
  await clear();
});

test("what waited three days behind a paused webhook is a dead letter", async () => {
  const { db } = database;
  const webhookId = await insertWebhook(await insertSchool(db), "https://dead.example/", 2);
  const [first] = await db.selectFrom("deliveries").select("id").where("webhook_id", "=", webhookId).execute();
  const old = new Date(Date.now() - 4 * 86_400_000);
  await db
    .updateTable("deliveries")
    .set({ next_at: old })
    .where("id", "=", first?.id ?? "")
    .execute();
  await sweepDeliveries(db, Date.now());
  const states = await db.selectFrom("deliveries").select("state").where("webhook_id", "=", webhookId).orderBy("id").execute();
  assert.deepEqual(
    states.map(({ state }) => state),
    ["dead", "pending"],
  );
  await clear();
});
