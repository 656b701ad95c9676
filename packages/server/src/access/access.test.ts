import assert from "node:assert/strict";
import { test } from "node:test";
import { type AccessRules, accessControl } from "./access.ts";
import { signLink } from "./signed-link.ts";

const RULES: AccessRules = {
  publish: { allow: "keys", keys: { "live/math": "s3cret" } },
  play: { allow: "signed" },
  linkSecrets: ["new-secret", "old-secret"],
};
const NOW = 1_700_000_000_000;
const SOON = NOW / 1000 + 60;

function ask(
  action: "publish" | "play",
  query: Record<string, string> | URLSearchParams,
  over: Partial<{ name: string; ip: string; rules: AccessRules }> = {},
) {
  const control = accessControl(
    () => over.rules ?? RULES,
    () => NOW,
  );
  const refusal = control({
    action,
    protocol: "flv",
    app: "live",
    name: over.name ?? "math",
    ip: over.ip ?? "10.0.0.1",
    query: new URLSearchParams(query),
  });
  return refusal?.code ?? "allowed";
}

test("a publisher needs the key of its stream", () => {
  assert.equal(ask("publish", { key: "s3cret" }), "allowed");
  assert.equal(ask("publish", {}), "not-signed-in");
  assert.equal(ask("publish", { key: "" }), "not-signed-in");
  assert.equal(ask("publish", { key: "s3cret " }), "bad-key");
  assert.equal(ask("publish", { key: "s3cret" }, { name: "physics" }), "bad-key");
  assert.equal(ask("publish", { key: "" }, { name: "toString" }), "not-signed-in");
  assert.equal(ask("publish", { key: "x" }, { rules: { ...RULES, publish: { allow: "any", keys: {} } } }), "allowed");
});

test("a signed link opens its stream for its time, its address and nobody's else", () => {
  const link = (secret = "new-secret", ip?: string, expires = SOON) =>
    signLink({ app: "live", name: "math", expires, ip, viewer: "anna" }, secret);
  assert.equal(ask("play", link()), "allowed");
  assert.equal(ask("play", link("old-secret")), "allowed");
  assert.equal(ask("play", link("wrong-secret")), "bad-signature");
  assert.equal(ask("play", link(), { name: "physics" }), "bad-signature");
  assert.equal(ask("play", link(), { name: "math@360p" }), "allowed");
  assert.equal(ask("play", link("new-secret", "10.0.0.1")), "allowed");
  assert.equal(ask("play", link("new-secret", "10.0.0.2")), "refused-by-rule");
  assert.equal(ask("play", link("new-secret", undefined, NOW / 1000 - 1)), "link-expired");
  assert.equal(ask("play", {}), "not-signed-in");
});

test("a link that was altered in any character is refused", () => {
  const good = signLink({ app: "live", name: "math", expires: SOON, ip: "10.0.0.1", viewer: "anna" }, "new-secret").toString();
  assert.equal(ask("play", new URLSearchParams(good)), "allowed");
  for (let i = 0; i < good.length; i++) {
    const changed = `${good.slice(0, i)}${good[i] === "7" ? "8" : "7"}${good.slice(i + 1)}`;
    assert.notEqual(ask("play", new URLSearchParams(changed)), "allowed", changed);
  }
});
