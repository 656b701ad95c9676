/** The reverse proxy of docs/https.md, with the two configurations as the document prints them. Needs servers of its own: it is about their configuration. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { parse } from "yaml";
import { makeCertificate } from "./certificate.ts";
import { freePort, type Lectern, startLectern, TOKEN, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { documented, startNginx } from "./nginx.ts";

const HOST = "lectern.example.org";
const PAGE = readFileSync(join(import.meta.dirname, "../docs/https.md"), "utf8");
const [, PROXIES = ""] = /```yaml\n(trustedProxies: .*)\n```/.exec(PAGE) ?? [];

type Answer = { readonly status: number; readonly text: string; readonly cookies: readonly string[] };
type Ask = (path: string, options?: { readonly body?: unknown; readonly token?: string }) => Promise<Answer>;

/** Where things are on this machine is all that differs from the document. */
async function throughProxy(t: TestContext, lectern: Lectern): Promise<Ask> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-proxy-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { cert, key } = makeCertificate(directory, HOST);
  const [port, plain] = [await freePort(), await freePort()];
  const configuration = documented("https.md")
    .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
    .replace("/etc/letsencrypt/live/lectern.example.org/fullchain.pem", cert)
    .replace("/etc/letsencrypt/live/lectern.example.org/privkey.pem", key)
    .replace("127.0.0.1:8080", `127.0.0.1:${lectern.httpPort}`);
  // The second server is how the test sees that nginx has started.
  await startNginx(t, plain, `${configuration} server { listen 127.0.0.1:${plain}; return 204; }`);
  return (path, { body, token } = {}) =>
    new Promise((resolve, reject) => {
      const headers = {
        host: HOST,
        "lectern-page": "active",
        origin: `https://${HOST}`,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      };
      const method = body === undefined ? "GET" : "POST";
      const sent = request({ host: "127.0.0.1", port, path, method, headers, rejectUnauthorized: false }, (answer) => {
        text(answer).then(
          (got) => resolve({ status: answer.statusCode ?? 0, text: got, cookies: answer.headers["set-cookie"] ?? [] }),
          reject,
        );
      });
      sent.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
}

test("behind the documented proxy, links of the API are HTTPS, cookies are Secure, and /metrics is closed to strangers", async (t) => {
  const { trustedProxies } = parse(PROXIES);
  const lectern = await startLectern(t, { trustedProxies: JSON.stringify(trustedProxies) });
  const ask = await throughProxy(t, lectern);
  const lesson = JSON.parse((await ask("/api/v1/lessons", { body: { title: "Maths" }, token: TOKEN })).text);
  assert.ok(lesson.joinUrl.startsWith(`https://${HOST}/`), lesson.joinUrl);
  const school = await done(lectern, "POST", "/schools", { name: "North", slug: "north" });
  const person = { schoolId: school.id, login: "anna", name: "Anna", role: "teacher", password: "correct horse battery" };
  await done(lectern, "POST", "/users", person);
  const signedIn = await ask("/api/v1/sessions", {
    body: { school: "north", login: "anna", password: person.password, cookie: true },
  });
  assert.equal(signedIn.status, 201, signedIn.text);
  assert.match(signedIn.cookies.find((cookie) => cookie.includes("HttpOnly")) ?? "", /session=.*; Secure/);
  // The proxy passes the address of the client on: this machine, which may read it.
  assert.equal((await ask("/metrics")).status, 200);
  assert.doesNotMatch(lectern.said(), /trustedProxies/);
});

test("a proxy that trustedProxies does not name opens /metrics to nobody, and one line of the log says so", async (t) => {
  const lectern = await startLectern(t);
  const ask = await throughProxy(t, lectern);
  for (let i = 0; i < 3; i++) assert.equal((await ask("/metrics")).status, 401);
  assert.equal((await ask("/metrics", { token: TOKEN })).status, 200);
  assert.equal((await fetch(`${lectern.http}/metrics`)).status, 200, "this machine itself");
  await until(() => lectern.said().includes("trustedProxies"), "the warning");
  assert.equal(lectern.said().split("proxy not named in trustedProxies").length - 1, 1);
});
