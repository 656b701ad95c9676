/** Checks the compose file and the systemd units of deploy/ against the configuration and the commands of the program. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../packages/server/src/platform/config/load.ts";
import { composed, composedNodes } from "./compose.ts";

const ROOT = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

test("the compose file's nodes are configured as the program understands it, and differ where they must", () => {
  const secret = "a secret that is long enough";
  const nodes = composedNodes(composed({ LECTERN_CLUSTER_SECRET: secret, POSTGRES_PASSWORD: secret }));
  assert.deepEqual([...nodes.keys()], ["centre", "second", "edge"]);
  const configs = [...nodes.values()].map(({ environment = {} }) => loadConfig({ file: null, env: environment, set: [] }));
  assert.equal(new Set(configs.map(({ cluster }) => cluster.node.id)).size, 3);
  assert.equal(new Set(configs.map(({ cluster }) => cluster.node.address)).size, 3);
  assert.deepEqual([...new Set(configs.map(({ cluster }) => cluster.nats.join()))], ["nats://nats:4222"]);
  assert.equal(configs.filter(({ roles }) => roles.includes("control")).length, 1);
  assert.equal(configs[2]?.relay.paths, 2);
  const [, build = ""] = /^RUN npm install.*&& (node .*)$/m.exec(read("deploy/compose/Dockerfile")) ?? [];
  assert.ok(existsSync(join(ROOT, build.split(" ")[1] ?? "nothing")), build);
});

test("the units of systemd start what is there, and stop it as it wants to be stopped", () => {
  const unit = read("deploy/systemd/lectern.service");
  const [, program = "", options = ""] = /^ExecStart=\/opt\/lectern\/(\S+) (.*)$/m.exec(unit) ?? [];
  assert.ok(existsSync(join(ROOT, program)), program);
  assert.match(options, /^serve --config \S+ --data \S+$/);
  assert.match(unit, /^Documentation=file:\/\/\/opt\/lectern\/docs\/operations\.md$/m);
  const { drainSeconds } = loadConfig({ file: null, env: {}, set: [] });
  assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) > drainSeconds);
  // The supervisor alone is told; its children are ended by it.
  assert.match(unit, /^KillMode=mixed$/m);
  assert.match(read("deploy/systemd/nats.service"), /nats-server -js /);
});
