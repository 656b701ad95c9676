import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError, loadConfig } from "./load.ts";

function wrong(set: readonly [path: string, text: string][], env: Record<string, string> = {}): readonly string[] {
  try {
    loadConfig({ file: null, env, set });
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.mistakes.map(({ what }) => what);
  }
}

test("an old key is refused with its new name, as an option and as a variable", () => {
  assert.deepEqual(wrong([["webhooks.private", "true"]]), ['"webhooks.private" is now "webhooks.allowPrivateNetworks"']);
  assert.deepEqual(wrong([["places.files", "[a.xdb]"]]), ['"places" is now "geoip"']);
  assert.deepEqual(wrong([], { LECTERN_SOURCES_ALLOW: "[]" }), ['the key is now "sources.allowedNetworks"']);
  assert.deepEqual(wrong([["protection.allowedNetworks", "[127.0.0.1]"]]), []);
});
