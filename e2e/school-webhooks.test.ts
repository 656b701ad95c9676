/** The audit log and webhooks through the API. Shares a process. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { until } from "./lectern.ts";
import { PASSWORD } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

onPostgresFirst((open) => {
  test("the audit log says who changed what, before and after, from where, and no secret", async (t) => {
    const { ok, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const teacher = await person(schoolId, "teacher", "t2");
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Before" }, ip: "10.7.7.7" });
    await ok("PATCH", `/lessons/${lesson.id}`, { as: teacher.token, body: { title: "After" }, ip: "10.7.7.8" });
    await ok("POST", `/lessons/${lesson.id}/rotate-key`, { as: teacher.token });
    const { items } = await ok("GET", `/audit?targetId=${lesson.id}`);
    assert.deepEqual(
      items.map(({ action }: { action: string }) => action),
      ["lesson.rotate-key", "lesson.change", "lesson.create"],
    );
    const change = items[1];
    assert.deepEqual([change.actor.id, change.actor.kind, change.ip], [teacher.id, "user", "10.7.7.8"]);
    assert.deepEqual([change.before.title, change.after.title], ["Before", "After"]);
    const all = JSON.stringify(await ok("GET", "/audit?limit=1000"));
    const key = (await ok("GET", `/lessons/${lesson.id}`)).stream.publishKey;
    for (const secret of [key, lesson.stream.publishKey, "argon2", PASSWORD]) assert.ok(!all.includes(secret), secret);
  });

  test("webhooks are signed, repeated until they are taken, and told of their own school only", async (t) => {
    const { ok } = await open(t);
    const heard: { body: string; signature: string; id: string }[] = [];
    const receiver = createServer((request, response) => {
      let body = "";
      request.on("data", (piece) => (body += piece));
      request.on("end", () => {
        const { "lectern-signature": signature, "lectern-delivery": id } = request.headers;
        heard.push({ body, signature: String(signature), id: String(id) });
        response.writeHead(heard.length === 1 ? 500 : 204).end("busy");
      });
    }).listen(0, "127.0.0.1");
    await once(receiver, "listening");
    t.after(() => receiver.close());
    t.after(() => receiver.closeAllConnections());
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?x=1`;
    const [mine, other] = [
      await ok("POST", "/schools", { body: { slug: "mine", name: "M" } }),
      await ok("POST", "/schools", { body: { slug: "other", name: "O" } }),
    ];
    const webhook = await ok("POST", "/webhooks", { body: { schoolId: mine.id, url, events: ["lesson.created"] } });
    await ok("POST", "/lessons", { body: { schoolId: other.id, title: "Theirs" } });
    const lesson = await ok("POST", "/lessons", { body: { schoolId: mine.id, title: "Ours" } });
    await ok("PATCH", `/lessons/${lesson.id}`, { body: { title: "Ours too" } });
    await until(() => heard.length >= 1, "the first delivery");
    const list = async (state: string) => (await ok("GET", `/webhooks/${webhook.id}/deliveries?state=${state}`)).items;
    const pending = await until(
      async () => (await list("pending")).find(({ attempts }: { attempts: number }) => attempts === 1) ?? null,
      "the failure",
    );
    assert.deepEqual([pending.lastStatus, pending.lastError], [500, "busy"]);
    await ok("POST", `/webhooks/${webhook.id}/deliveries/${pending.id}/replay`);
    const delivered = await until(async () => (await list("delivered"))[0] ?? null, "the delivery");
    assert.equal(delivered.lastStatus, 204);
    assert.equal(heard.length, 2);
    assert.equal(heard[0]?.id, heard[1]?.id);
    const { body = "", signature = "" } = heard[1] ?? {};
    const told = JSON.parse(body);
    assert.deepEqual([told.event, told.schoolId, told.data.title], ["lesson.created", mine.id, "Ours"]);
    const [, at, hex] = /^t=(\d+),v1=(\w+)$/.exec(signature) ?? [];
    assert.equal(hex, createHmac("sha256", webhook.secret).update(`${at}.${body}`).digest("hex"));
  });

  test("what cannot be delivered is a dead letter in the end, which can be sent again", async (t) => {
    const { ok, service } = await open(t);
    const webhook = await ok("POST", "/webhooks", { body: { url: "http://127.0.0.1:9/" } });
    const list = async (state: string) => (await ok("GET", `/webhooks/${webhook.id}/deliveries?state=${state}`)).items;
    await ok("POST", "/lessons", { body: { title: "Unheard" } });
    const first = await until(
      async () => (await list("pending")).find(({ attempts }: { attempts: number }) => attempts === 1) ?? null,
      "the first failure",
    );
    assert.match(first.lastError, /ECONNREFUSED/);
    // The waits between are days.
    await service.db.updateTable("deliveries").set({ attempts: 7, next_at: new Date() }).where("id", "=", first.id).execute();
    const dead = await until(async () => (await list("dead"))[0] ?? null, "the dead letter");
    assert.deepEqual([dead.id, dead.attempts, dead.nextAt], [first.id, 8, null]);
    await ok("POST", `/webhooks/${webhook.id}/deliveries/${dead.id}/replay`);
    assert.equal((await list("dead")).length, 0);
  });

  test("a webhook whose endpoint fails is shown as paused, until a delivery is sent again; a school has at most twenty", async (t) => {
    const { ok, call } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const webhook = await ok("POST", "/webhooks", { body: { schoolId, url: "http://127.0.0.1:9/", events: ["lesson.created"] } });
    assert.deepEqual([webhook.health, webhook.failures, webhook.pausedUntil], ["working", 0, null]);
    for (let i = 0; i < 12; i++) await ok("POST", "/lessons", { body: { title: `Lesson ${i}` } });
    const paused = await until(async () => {
      const found = await ok("GET", `/webhooks/${webhook.id}`);
      return found.pausedUntil ? found : null;
    }, "the pause");
    assert.equal(paused.health, "paused");
    assert.ok(paused.failures >= 5 && paused.failures <= 7, `${paused.failures} failures`);
    const { items } = await ok("GET", `/webhooks/${webhook.id}/deliveries?state=pending`);
    assert.equal(items.length, 12, "nothing is lost");
    await ok("POST", `/webhooks/${webhook.id}/deliveries/${items[0].id}/replay`);
    await until(async () => (await ok("GET", `/webhooks/${webhook.id}`)).failures > paused.failures, "the probe");
    assert.equal((await ok("PATCH", `/webhooks/${webhook.id}`, { body: { enabled: true } })).health, "working");
    await ok("PATCH", `/webhooks/${webhook.id}`, { body: { enabled: false } });
    const more = Array.from({ length: 25 }, () => call("POST", "/webhooks", { body: { schoolId, url: "http://127.0.0.1:9/" } }));
    const statuses = (await Promise.all(more)).map(({ status }) => status);
    assert.deepEqual(
      [statuses.filter((status) => status === 201).length, statuses.filter((status) => status === 409).length],
      [19, 6],
    );
  });

  test("while a signing secret is being rotated, deliveries are signed with both; afterwards with the new one", async (t) => {
    const { ok, service } = await open(t);
    const signatures: string[][] = [];
    const bodies: string[] = [];
    const receiver = createServer(async (request, response) => {
      let body = "";
      for await (const piece of request) body += piece;
      bodies.push(body);
      signatures.push(String(request.headers["lectern-signature"]).split(","));
      response.writeHead(204).end();
    }).listen(0, "127.0.0.1");
    await once(receiver, "listening");
    t.after(() => receiver.close());
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const old = await ok("POST", "/webhooks", { body: { url, events: ["lesson.created"] } });
    const fresh = await ok("POST", `/webhooks/${old.id}/rotate-secret`, { body: { overlapSeconds: 3600 } });
    assert.notEqual(fresh.secret, old.secret);
    assert.ok(Date.parse(fresh.previousSecretUntil) > Date.now());
    const send = async (count: number) => {
      await ok("POST", "/lessons", { body: { title: "x" } });
      await until(() => bodies.length >= count, "the delivery");
    };
    const signed = (i: number, secret: string) => {
      const at = signatures[i]?.[0]?.replace("t=", "");
      return `v1=${createHmac("sha256", secret).update(`${at}.${bodies[i]}`).digest("hex")}`;
    };
    await send(1);
    assert.deepEqual(signatures[0]?.slice(1), [signed(0, fresh.secret), signed(0, old.secret)]);
    await service.db
      .updateTable("webhooks")
      .set({ previous_until: new Date(0) })
      .where("id", "=", old.id)
      .execute();
    await send(2);
    assert.deepEqual(signatures[1]?.slice(1), [signed(1, fresh.secret)]);
  });

  test("a school's webhook leads into no private network, by address or by name; the platform's own may", async (t) => {
    const { ok } = await open(t, { publicWebhooksOnly: true });
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const errors: string[] = [];
    for (const url of [
      "http://127.0.0.1:9/",
      "http://localhost:9/",
      "http://[::1]:9/",
      "http://[::ffff:127.0.0.1]:9/",
      "http://169.254.169.254/latest",
      "http://0x7f.1:9/",
    ]) {
      const webhook = await ok("POST", "/webhooks", { body: { schoolId, url } });
      await ok("POST", "/lessons", { body: { title: "x" } });
      const failed = await until(
        async () =>
          (await ok("GET", `/webhooks/${webhook.id}/deliveries`)).items.find(
            (one: { lastError: string | null }) => one.lastError,
          ) ?? null,
        `the failure of ${url}`,
      );
      errors.push(failed.lastError);
      await ok("DELETE", `/webhooks/${webhook.id}`);
    }
    assert.ok(
      errors.every((error) => /private network/.test(error)),
      errors.join("\n"),
    );
    const own = await ok("POST", "/webhooks", { body: { url: "http://127.0.0.1:9/" } });
    await ok("POST", "/lessons", { body: { title: "x" } });
    await until(
      async () =>
        (await ok("GET", `/webhooks/${own.id}/deliveries`)).items.some((one: { lastError: string | null }) =>
          /ECONNREFUSED/.test(one.lastError ?? ""),
        ),
      "an attempt",
    );
  });
});
