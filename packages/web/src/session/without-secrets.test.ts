import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lastChange, recordChange } from "./last-change.ts";
import { bodyWithoutSecrets, urlWithoutSecrets } from "./without-secrets.ts";

const SECRET = "s3cret-Zx9";

test("no password, token, key or code of a request is in what can be copied, however deep it stands", () => {
  const fields = [
    "password",
    "current",
    "newPassword",
    "secret",
    "clientSecret",
    "token",
    "access_token",
    "key",
    "publishKey",
    "code",
  ];
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.array(fc.constantFrom("a", "list"), { maxLength: 4 }), (field, path) => {
      let body: unknown = { title: "Maths", [field]: SECRET };
      for (const step of path) body = step === "list" ? [body] : { [step]: body };
      const shown = bodyWithoutSecrets(JSON.stringify(body));
      assert.equal(shown.includes(SECRET), false, shown);
      assert.ok(shown.includes("Maths"));
    }),
  );
});

test("other fields stay as they are, and flags and nulls of secret fields too", () => {
  const body = JSON.stringify({
    name: "Anna",
    scopes: ["people:write"],
    hasPassword: true,
    secret: null,
    url: "https://hook.example/a?b=c",
  });
  assert.equal(bodyWithoutSecrets(body), body);
});

test("an imported file, which may hold passwords, is left out", () => {
  assert.equal(bodyWithoutSecrets(`login,password\nanna,${SECRET}\n`), "…");
});

test("secrets in addresses are hidden: parameters, user names with passwords, tokens of links", () => {
  for (const url of [
    `https://school.example/api/v1/x?token=${SECRET}&limit=5`,
    `https://anna:${SECRET}@hook.example/`,
    `https://school.example/api/v1/password-resets/${SECRET}`,
    `https://school.example/api/v1/calendars/${SECRET}?x=1`,
  ]) {
    assert.equal(urlWithoutSecrets(url).includes(SECRET), false, url);
    assert.equal(bodyWithoutSecrets(JSON.stringify({ url })).includes(SECRET), false, url);
  }
});

test("secrets in addresses of sources and forwards are hidden, wherever their protocol has them", () => {
  for (const address of [
    `rtmps://live.example/app/${SECRET}`,
    `rtmp://live.example/app/?streamname=x&${SECRET}`,
    `rtsp://admin:${SECRET}@camera.example/stream`,
    `srt://live.example:9000?streamid=#!::r=${SECRET}`,
    `srt://live.example:9000?latency=200&passphrase=${SECRET}`,
    `https://cdn.example/live.m3u8?sign=${SECRET}`,
    `https://cdn.example/live.m3u8?X-Amz-Signature=${SECRET}`,
  ]) {
    const shown = bodyWithoutSecrets(JSON.stringify({ title: "Yard", addresses: [address], url: address }));
    assert.equal(shown.includes(SECRET), false, shown);
    assert.ok(shown.includes(".example"), shown);
  }
});

test("the page itself remembers no secret of its last change", () => {
  const body = JSON.stringify({ name: "Anna", password: SECRET });
  recordChange({ method: "POST", url: `https://school.example/api/v1/users?token=${SECRET}`, body });
  assert.equal(JSON.stringify(lastChange()).includes(SECRET), false);
  assert.equal(lastChange()?.body, '{"name":"Anna","password":"…"}');
});
