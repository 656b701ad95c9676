/**
 * Alarms of a running server: a rule about what a node measures raises one, every kind of channel is told of it in its maker's format, it is
 * acknowledged, and the channels are told of its end. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type TestContext, test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { startLectern, until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { startMailServer } from "./mail-server.ts";

type Received = { readonly url: URL; readonly headers: IncomingHttpHeaders; readonly text: string; readonly body: Body };

/** The servers of all robots, which answer as those do. */
async function robots(t: TestContext) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const piece of request) text += piece;
    const url = new URL(request.url ?? "", "http://robot");
    received.push({ url, headers: request.headers, text, body: JSON.parse(text) });
    const answers: Record<string, string> = { "/feishu": '{"code":0,"msg":"success","data":{}}', "/slack": "ok", "/hook": "" };
    response.end(answers[url.pathname] ?? '{"errcode":0,"errmsg":"ok"}');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const of = (path: string) => received.filter(({ url }) => url.pathname === path);
  return { of, address: (path: string) => `http://127.0.0.1:${port}${path}` };
}

test("a rule about a node raises an alarm, every channel is told of it and of its end, and it can be acknowledged", async (t) => {
  const { mails, mail } = await startMailServer(t);
  const server = await startLectern(t, { "mail.smtp": mail.smtp, "http.publicUrl": "https://school.example" });
  const { of, address } = await robots(t);
  const channel = (kind: string, target: string, more = {}) =>
    done(server, "POST", "/alarm-channels", { kind, name: kind, target, severity: "info", ...more });
  const secret = "a secret of sixteen";
  await channel("webhook", address("/hook"), { secret });
  await channel("mail", "it@school.example head@school.example");
  await channel("wecom", address("/wecom?key=K"));
  const dingTalk = await channel("dingtalk", address("/dingtalk?access_token=T"), { secret: "SEC1", language: "zh" });
  await channel("feishu", address("/feishu"), { secret: "demo" });
  await channel("slack", address("/slack"));
  assert.deepEqual((await done(server, "POST", `/alarm-channels/${dingTalk.id}/test`)).error, null);
  assert.match(of("/dingtalk")[0]?.body.text.content, /测试/);
  const rule = await done(server, "POST", "/alarm-rules", {
    name: "Somebody is connected",
    kind: "node",
    metric: "connections",
    threshold: -1,
    forSeconds: 0,
    severity: "critical",
  });

  const alarm = await until(async () => (await done(server, "GET", "/alarms?open=true")).items[0] ?? null, "the alarm");
  assert.deepEqual(
    [alarm.code, alarm.ruleId, alarm.ruleName, alarm.severity],
    ["rule", rule.id, "Somebody is connected", "critical"],
  );
  const { seen } = await done(server, "GET", `/alarms/${alarm.id}`);
  assert.deepEqual([seen.kind, seen.metric, seen.threshold], ["node", "connections", -1]);
  assert.ok(seen.values.length > 0 && Object.keys(seen.others).includes("egress"), JSON.stringify(seen));
  const paths = ["/hook", "/wecom", "/dingtalk", "/feishu", "/slack"];
  await until(() => paths.every((path) => of(path).some(({ text }) => text.includes("Somebody is connected"))), "all robots");
  await until(() => mails.length === 2, "two mails");
  assert.deepEqual(mails.map(({ to }) => to).sort(), ["head@school.example", "it@school.example"]);
  assert.match(mails[0]?.text ?? "", /Subject: Lectern: 1 alarm[\s\S]*\[Critical\] Somebody is connected/);

  const [hook] = of("/hook");
  const [, at = "", signature] = /^t=(\d+),v1=(\w+)$/.exec(String(hook?.headers["lectern-signature"])) ?? [];
  assert.equal(signature, createHmac("sha256", secret).update(`${at}.${hook?.text}`).digest("hex"));
  assert.deepEqual([hook?.body.event, hook?.body.data.alarms[0].id], ["alarms", alarm.id]);
  const { url } = of("/dingtalk").at(-1)!;
  const time = url.searchParams.get("timestamp");
  assert.equal(url.searchParams.get("sign"), createHmac("sha256", "SEC1").update(`${time}\nSEC1`).digest("base64"));
  const feishu = of("/feishu")[0]?.body;
  assert.equal(feishu.sign, createHmac("sha256", `${feishu.timestamp}\ndemo`).digest("base64"));

  const acknowledged = await done(server, "POST", `/alarms/${alarm.id}/acknowledge`, {});
  assert.notEqual(acknowledged.acknowledgedAt, null);
  assert.equal((await done(server, "POST", `/alarms/${alarm.id}/acknowledge`, { acknowledged: false })).acknowledgedAt, null);
  await done(server, "PATCH", `/alarm-rules/${rule.id}`, { enabled: false });
  await until(async () => (await done(server, "GET", "/alarms?open=true")).items.length === 0, "the alarm's end");
  await until(() => paths.every((path) => of(path).some(({ text }) => /1 resolved|1 条已恢复/.test(text))), "all robots again");
  assert.ok(of("/wecom").length <= 3, "one message for each");
});

test("a channel of a school does not reach private networks, and what cannot be right is refused", async (t) => {
  const server = await sharedLectern();
  const { of, address } = await robots(t);
  const { id: schoolId } = (await done(server, "GET", "/schools")).items[0];
  const body = { schoolId, kind: "wecom", name: "IT", target: address("/wecom") };
  const { id } = await done(server, "POST", "/alarm-channels", body);
  assert.match((await done(server, "POST", `/alarm-channels/${id}/test`)).error, /private network/);
  assert.equal(of("/wecom").length, 0);
  const refusal = async (path: string, sent: unknown, method = "POST") => {
    const { status, body: answer } = await ask(server, method, path, sent);
    return [status, answer.errors?.[0]?.field ?? answer.errors?.[0]?.path ?? answer.code];
  };
  assert.equal((await refusal("/alarm-channels", { ...body, target: "not an address" }))[0], 400);
  assert.equal((await refusal("/alarm-channels", { ...body, kind: "mail", target: "a@b.example nobody" }))[0], 400);
  assert.equal((await refusal("/alarm-channels", { ...body, kind: "webhook", secret: "short" }))[0], 400);
  assert.equal((await refusal(`/alarm-channels/${id}`, { target: "ftp://host/" }, "PATCH"))[0], 400);
  const rule = { name: "R", kind: "node", metric: "cpu", threshold: 0.5 };
  assert.equal((await refusal("/alarm-rules", { ...rule, clearThreshold: 0.6 }))[0], 400);
  assert.equal((await refusal("/alarm-rules", { ...rule, channelIds: ["0".repeat(26)] }))[0], 404);
  const { items } = await done(server, "GET", "/alarm-rules");
  const [first] = items;
  assert.ok(items.length >= 25);
  assert.equal((await refusal(`/alarm-rules/${first.id}`, undefined, "DELETE"))[0], 409);
  assert.equal((await refusal(`/alarm-rules/${first.id}`, { clearThreshold: first.threshold + 1 }, "PATCH"))[0], 400);
  for (let i = 1; i < 20; i++) await done(server, "POST", "/alarm-channels", body);
  assert.equal((await refusal("/alarm-channels", body))[0], 409);
});
