import assert from "node:assert/strict";
import { test } from "node:test";
import { coveredConfig } from "./covered-config.ts";
import { configSchema } from "./schema.ts";

test("no secret of a configuration is shown, and what is none is", () => {
  const config = configSchema.parse({
    publish: { keys: { "live/math": "s3cret-key" } },
    secrets: { links: ["s3cret-link-of-16-letters"], encryption: ["s3cret-encryption-of-32-letters!!"] },
    database: { url: "postgres://lectern:s3cret@db.example/lectern" },
    cluster: { nats: ["nats://user:s3cret@bus.example:4222"], secret: "s3cret-of-the-cluster" },
    callbacks: { urls: { on_play: "https://school.example/hook?token=s3cret" }, secret: "s3cret-callbacks" },
    mail: { smtp: "smtp://me:s3cret@mail.example:587", from: "lectern@school.example" },
    webrtc: { turn: { urls: ["turn:turn.example:3478"], secret: "s3cret-turn" } },
    tracing: { endpoint: "http://collector:4318", headers: { authorization: "Bearer s3cret" } },
    http: { publicUrl: "https://school.example" },
  });
  const text = JSON.stringify(coveredConfig(config));
  assert.doesNotMatch(text, /s3cret/);
  for (const shown of [
    "live/math",
    "db.example/lectern",
    "bus.example:4222",
    "https://school.example",
    "lectern@school.example",
    "turn:turn.example:3478",
  ])
    assert.ok(text.includes(shown), shown);
});
