/** Runs every example of docs/api.md and docs/scim.md against a server and compares the answers; every route has an example. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { wholeDocument } from "../packages/client/src/documented-routes.ts";
import { publish } from "./ffmpeg.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { pdfOf } from "./pdf-files.ts";
import { settled, upload } from "./uploads.ts";

type Example = {
  readonly page: string;
  readonly line: number;
  readonly method: string;
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly answer: string;
};

/** In this order: a later one may name what an earlier one has made. */
const PAGES = ["docs/api.md", "docs/scim.md"];
const ANYTHING = "…";

function examples(): Example[] {
  return PAGES.flatMap(examplesOf);
}

function examplesOf(page: string): Example[] {
  const text = readFileSync(join(import.meta.dirname, "..", page), "utf8");
  const found: Example[] = [];
  for (const match of text.matchAll(/```http\n([\s\S]*?)```\n```(?:json|text)\n([\s\S]*?)```/g)) {
    const [head = "", ...rest] = (match[1] ?? "").split("\n\n");
    const [first = "", ...lines] = head.split("\n").filter((line) => line !== "");
    const [method = "", target = ""] = first.split(" ");
    const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
    found.push({
      page,
      line: text.slice(0, match.index).split("\n").length,
      method,
      target,
      headers,
      body: rest.join("\n\n").trim(),
      answer: (match[2] ?? "").trim(),
    });
  }
  return found;
}

/** Compares, and takes what `$NAME` stands for where it is not known yet. */
function compare(wanted: unknown, got: unknown, known: Map<string, string>, where: string): void {
  if (wanted === ANYTHING) return;
  const name = typeof wanted === "string" ? /^\$([A-Z_]+)$/.exec(wanted)?.[1] : undefined;
  if (name) {
    assert.equal(typeof got, "string", where);
    // A session or key may be given again under its old name.
    if (!known.has(name) || ["ADMIN", "TEACHER"].includes(name)) known.set(name, String(got));
    assert.equal(got, known.get(name), where);
    return;
  }
  if (Array.isArray(wanted)) {
    assert.ok(Array.isArray(got) && got.length === wanted.length, `${where}: ${JSON.stringify(got)}`);
    for (const [i, item] of wanted.entries()) compare(item, got[i], known, `${where}[${i}]`);
  } else if (typeof wanted === "object" && wanted !== null) {
    assert.ok(typeof got === "object" && got !== null, where);
    const { [ANYTHING]: more, ...fields } = wanted as Record<string, unknown>;
    for (const [key, value] of Object.entries(fields)) compare(value, Reflect.get(got, key), known, `${where}.${key}`);
    if (more === undefined) assert.deepEqual(Object.keys(got).sort(), Object.keys(fields).sort(), where);
  } else assert.deepEqual(got, wanted, where);
}

/** So that there is a recording to speak of. */
async function record(t: TestContext, server: Lectern): Promise<void> {
  await publish(t, new URL("clips/h264opus.source.mp4", import.meta.url).pathname, `${server.rtmp}/live/camera`, ["-t", "3", "-an"])
    .done;
  await until(async () => (await done(server, "GET", "/recordings")).items[0]?.whole, "a recording");
}

test("every example of the documents is answered as it says", async (t) => {
  const server = await startLectern(t, { "recording.auto": "pushed", "publish.graceSeconds": "0" });
  await record(t, server);
  await settled(server, await upload(server, "Geometry.pdf", pdfOf(["A triangle"])));
  const known = new Map([["PASSWORD", /^password: (\S+)$/m.exec(server.said())?.[1] ?? ""]]);
  const fill = (text: string) =>
    text.replace(/\$([A-Z_]+)/g, (_, name: string) => known.get(name) ?? assert.fail(`$${name} is not known yet`));
  for (const { page, line, method, target, headers, body, answer } of examples()) {
    const { Authorization = "Bearer $ADMIN", ...rest } = headers;
    const address = new URL(fill(target), server.http);
    const response = await fetch(new URL(address.pathname + address.search, server.http), {
      method,
      headers: {
        ...rest,
        ...(Authorization === "none" ? {} : { authorization: fill(Authorization) }),
        ...(body && !rest["Content-Type"] ? { "content-type": "application/json" } : {}),
      },
      ...(body ? { body: fill(body) } : {}),
    });
    const text = await response.text();
    const where = `${page}:${line} ${method} ${target}`;
    const [, status, begin = ""] = /^(\d{3}) ?(.*)$/.exec(answer) ?? [];
    if (status) {
      assert.equal(response.status, Number(status), `${where}: ${text}`);
      assert.ok(text.startsWith(begin.replace(ANYTHING, "")), where);
    } else {
      // An unexpected refusal says more than the first field that differs.
      assert.ok(response.ok || answer.includes('"code"'), `${where}: ${text}`);
      compare(JSON.parse(answer), JSON.parse(text), known, where);
    }
  }
});

test("every route has an example", () => {
  const shown = examples().map(({ method, target }) => `${method} ${target.split("?")[0]}`);
  const missing = Object.entries(wholeDocument()["paths"] as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) => {
      const pattern = new RegExp(`^${method.toUpperCase()} ${path.replace(/\{\w+\}/g, "[^/]+")}$`);
      const known = shown.some((one) => pattern.test(one)) || (path.includes("/calendars/") && shown.includes("GET $CALENDAR_URL"));
      return known ? [] : [`${method.toUpperCase()} ${path}`];
    }),
  );
  assert.deepEqual(missing, []);
});
