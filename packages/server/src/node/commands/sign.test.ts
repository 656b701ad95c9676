/** What `lectern sign` prints is accepted by the server's verification, in every scheme. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import { LINK_SCHEMES, type LinkScheme } from "../../access/links/link-scheme.ts";
import { splitSignedPath } from "../../access/links/schemes/foreign-token.ts";
import { verifyLink } from "../../access/links/signed-link.ts";
import { verifyForeignLink } from "../../access/links/verify-foreign-link.ts";

const MAIN = join(import.meta.dirname, "../../main.ts");
const SECRET = "the secret of the school";
const IP = "203.0.113.7";
const HOUR_MS = 3600_000;

function sign(url: string, ...options: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, "sign", url, ...options], { encoding: "utf8" });
  return { printed: stdout.trim(), stderr, status };
}

/** What a printed link is for the stream live/math after an hour and a bit less, and after an hour and a minute. */
function verdicts(printed: string, scheme: LinkScheme, since: number, validSeconds?: number) {
  const { pathname, searchParams } = new URL(printed);
  const credentials = credentialsOf(searchParams, undefined, splitSignedPath(pathname)?.token ?? null);
  const key = { id: "k", scheme, secret: SECRET, ...(validSeconds !== undefined && { validSeconds }) };
  return [since + HOUR_MS - 1000, Date.now() + HOUR_MS + 60_000].map((now) =>
    verifyForeignLink(credentials, { app: "live", name: "math", ip: IP, now, keys: [key] }),
  );
}

for (const scheme of LINK_SCHEMES)
  test(`a link of the scheme ${scheme} is valid as long as was asked for`, { timeout: 60_000 }, () => {
    const order = ["--expires", "1h", "--secret", SECRET, "--scheme", scheme];
    const since = Date.now();
    const { printed, status } = sign("http://localhost:8080/live/math.flv?delay=low", ...order);
    assert.equal(status, 0);
    assert.equal(new URL(printed).searchParams.get("delay"), "low", "other parameters stay");
    assert.deepEqual(verdicts(printed, scheme, since), ["valid", "expired"]);
    const { printed: withValidity } = sign("http://localhost:8080/live/math.m3u8", ...order, "--validity", "10m");
    assert.deepEqual(verdicts(withValidity, scheme, since, 600), ["valid", "expired"]);
  });

test("a link of nginx can name an address, a link for RTMP has its path", { timeout: 60_000 }, () => {
  const order = ["--expires", "1h", "--secret", SECRET, "--scheme", "nginx"];
  const bound = sign("http://localhost:8080/live/math.flv", ...order, "--ip", "203.0.113.8");
  assert.deepEqual(verdicts(bound.printed, "nginx", Date.now()), ["bad-signature", "bad-signature"]);
  const rtmp = sign("rtmp://localhost/live/math", "--expires", "1h", "--secret", SECRET, "--scheme", "aliyun-a");
  assert.match(rtmp.printed, /^rtmp:\/\/localhost\/live\/math\?auth_key=/);
  assert.equal(verdicts(rtmp.printed, "aliyun-a", Date.now() - 2000)[0], "valid");
});

test("the own scheme is the default", { timeout: 60_000 }, () => {
  for (const options of [[], ["--scheme", "lectern"]]) {
    const { printed } = sign(
      "http://localhost:8080/live/math.flv",
      "--expires",
      "1h",
      "--secret",
      SECRET,
      "--viewer",
      "anna",
      ...options,
    );
    const { link } = credentialsOf(new URL(printed).searchParams);
    assert.ok(link);
    const check = { app: "live", name: "math", ip: IP, secrets: [SECRET], now: Date.now() };
    assert.deepEqual([link.viewer, verifyLink(link, check)], ["anna", "valid"]);
  }
});

test("what a scheme cannot do is refused in plain words", { timeout: 60_000 }, () => {
  const url = "http://localhost:8080/live/math.flv";
  for (const [address, options, words] of [
    [url, ["--scheme", "akamai", "--secret", SECRET], /--scheme is one of lectern, upyun, aliyun-a/],
    [url, ["--scheme", "tencent"], /needs --secret/],
    [url, ["--scheme", "tencent", "--secret", SECRET, "--viewer", "anna"], /cannot name a viewer/],
    [url, ["--scheme", "tencent", "--secret", SECRET, "--ip", IP], /cannot name an address/],
    [url, ["--scheme", "tencent", "--secret", SECRET, "--validity", "long"], /--validity is a time/],
    [url, ["--secret", SECRET, "--validity", "1h"], /have no --validity/],
    ["rtmp://localhost/live/math", ["--scheme", "aliyun-c", "--secret", SECRET], /not for RTMP/],
  ] as const) {
    const { printed, stderr, status } = sign(address, "--expires", "1h", ...options);
    assert.deepEqual([printed, status], ["", 2], options.join(" "));
    assert.match(stderr, words);
    assert.ok(!stderr.includes(SECRET));
  }
});
