/** Checks the compose file and the systemd units of deploy/ against the configuration and the commands of the program. */
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { connect } from "@nats-io/transport-node";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { natsServers } from "../packages/server/src/platform/bus/nats.ts";
import { loadConfig } from "../packages/server/src/platform/config/load.ts";
import { composed, composedNodes } from "./compose.ts";
import { freePort, NODE_OPTIONS, until } from "./lectern.ts";
import { MAIN } from "./program.ts";

const ROOT = join(import.meta.dirname, "..");
const SYSTEM_UNITS = "/usr/lib/systemd/system";
const isThere = (program: string) => spawnSync(program, ["--version"]).error === undefined;
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
  for (const [i, { webrtc, workers }] of configs.entries()) {
    const published = [...nodes.values()][i]?.ports?.map((port) => port.replace(/^[\d-]+:/, "")) ?? [];
    assert.ok(published.includes(`${webrtc.port}-${webrtc.port + Number(workers) - 1}/udp`), `${published}`);
    assert.deepEqual(webrtc.publicAddresses, ["127.0.0.1"]);
  }
});

test("the compose files are what the Compose Specification describes", () => {
  // Its name of JSON Schema's draft 7 is not the one that ajv knows it by.
  const { $schema: _draft, ...schema } = JSON.parse(read("e2e/compose-spec.schema.json"));
  const ajv = new Ajv({ strict: false, formats: { duration: true, ports: true, expose: true, subnet_ip_address: true } });
  const validate = ajv.compile(schema);
  for (const file of ["deploy/compose/compose.yaml", "deploy/grafana/compose.yaml"]) {
    const content = parse(read(file), { merge: true }) as { readonly services: object };
    assert.ok(validate(content), `${file}: ${ajv.errorsText(validate.errors)}`);
    const misspelt = { ...content, services: { ...content.services, extra: { image: "x", restrat: "always" } } };
    assert.ok(!validate(misspelt), file);
  }
});

test("no container has capabilities, a writable file system or a way to more rights, and none that serves runs as root", () => {
  const secret = "a secret that is long enough";
  const services = composed({ LECTERN_CLUSTER_SECRET: secret, POSTGRES_PASSWORD: secret });
  for (const [name, service] of services) {
    assert.deepEqual(
      [service.read_only, service.cap_drop, service.security_opt],
      [true, ["ALL"], ["no-new-privileges:true"]],
      name,
    );
    // The one that prepares the volumes ends before the others start, and reaches no network.
    const prepares = name === "owners";
    assert.equal(service.user?.startsWith("0:"), prepares, name);
    assert.deepEqual(
      [service.cap_add, service.network_mode],
      prepares ? [["CHOWN", "DAC_READ_SEARCH"], "none"] : [undefined, undefined],
    );
    assert.ok(!service.volumes?.some((volume) => /^[./]/.test(volume)), `${name}: folders of the machine`);
  }
  const nodes = composedNodes(services);
  for (const [name, node] of [...nodes, ["nats", services.get("nats") ?? {}] as const]) {
    assert.equal(node.user, "1000:1000", name);
    assert.equal(node.depends_on?.["owners"]?.condition, "service_completed_successfully", name);
    const [volume = ""] = node.volumes ?? [];
    assert.ok(
      services.get("owners")?.volumes?.some((one) => one.startsWith(`${volume.split(":")[0]}:`)),
      `${name}: ${volume}`,
    );
  }
  const steps = read("deploy/compose/Dockerfile").split("\n");
  const at = (step: RegExp) => steps.findIndex((line) => step.test(line));
  assert.ok(at(/^USER node$/) > at(/^RUN install -d -o node -g node .* \/data$/) && at(/^USER node$/) < at(/^ENTRYPOINT/));
});

test("the server runs as a user who may write its data only, and the compose file's health check passes", async (t) => {
  if (process.getuid?.() !== 0) return t.skip("needs root, to start the server as another user");
  const nodes = composedNodes(composed({ LECTERN_CLUSTER_SECRET: "x".repeat(16), POSTGRES_PASSWORD: "x" }));
  const [, , ...check] = nodes.get("centre")?.healthcheck?.test ?? [];
  const asNobody = { uid: 65_534, gid: 65_534 } as const;
  if (spawnSync(process.execPath, ["--version"], { ...asNobody, cwd: "/" }).error)
    return t.skip("other users may not enter the folder that this is in");
  const port = await freePort();
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-nobody-"));
  chownSync(dataDir, asNobody.uid, asNobody.gid);
  const args = [...NODE_OPTIONS, MAIN, "serve", "--data", dataDir, "--http-port", String(port), "--rtmp-port", "0"];
  const env = { PATH: process.env["PATH"] ?? "", LECTERN_HTTP_HOST: "127.0.0.1", LECTERN_RTMP_HOST: "127.0.0.1" };
  const server = spawn(process.execPath, args, { ...asNobody, env, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  t.after(async () => {
    server.kill("SIGKILL");
    await ended;
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (bytes: Buffer) => (said += bytes));
  await until(() => {
    assert.equal(server.exitCode, null, said);
    return said.includes("lectern ready");
  }, "the server");
  const healthy = check.map((argument) => argument.replace(":8080/", `:${port}/`));
  execFileSync(process.execPath, healthy, { ...asNobody, env, stdio: "pipe" });
  for (const file of ["link-secret", "encryption-secret"])
    assert.deepEqual([statSync(join(dataDir, file)).uid, statSync(join(dataDir, file)).mode & 0o777], [asNobody.uid, 0o600], file);
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
  for (const line of ["Type=notify", "NotifyAccess=all", "WatchdogSec=60", "OOMPolicy=continue", "StartLimitIntervalSec=0"])
    assert.ok(unit.split("\n").includes(line), line);
  assert.match(read("deploy/systemd/nats.service"), /nats-server -c \/etc\/lectern\/nats\.conf/);
});

test("systemd understands every line of the units", (t) => {
  if (!existsSync(SYSTEM_UNITS) || !isThere("systemd-analyze")) return t.skip("needs systemd's own units and systemd-analyze");
  // A machine on which everything is that the units start.
  const root = mkdtempSync(join(tmpdir(), "lectern-units-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  cpSync(SYSTEM_UNITS, join(root, SYSTEM_UNITS), { recursive: true });
  const verify = (change: (unit: string) => string): string => {
    const names = ["lectern.service", "nats.service"];
    for (const name of names) {
      const unit = change(read(`deploy/systemd/${name}`));
      writeFileSync(join(root, SYSTEM_UNITS, name), unit);
      for (const [, program = ""] of unit.matchAll(/^Exec\w+=(\S+)/gm)) {
        mkdirSync(dirname(join(root, program)), { recursive: true });
        cpSync("/bin/true", join(root, program), { dereference: true });
      }
    }
    const { stdout, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", `--root=${root}`, ...names], {
      encoding: "utf8",
    });
    return stdout + stderr;
  };
  assert.equal(
    verify((unit) => unit),
    "",
  );
  assert.match(
    verify((unit) => unit.replace("[Service]", "[Service]\nRestartsSec=1")),
    /Unknown key/,
  );
});

test("the bus of deploy/ takes nobody without its password", async (t) => {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "lectern-bus-"));
  const file = join(directory, "nats.conf");
  const configuration = read("deploy/systemd/nats.conf").replace(/127\.0\.0\.1:4222$/m, `127.0.0.1:${port}`);
  writeFileSync(file, configuration.replace("/var/lib/nats", directory));
  const server = spawn("nats-server", ["-c", file], { env: { ...process.env, NATS_PASSWORD: "a-password" }, stdio: "ignore" });
  t.after(() => {
    server.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });
  const open = (credentials: string) =>
    connect({ ...natsServers([`nats://${credentials}127.0.0.1:${port}`]), maxReconnectAttempts: 0 });
  await until(async () => {
    const connection = await open("lectern:a-password@").catch(() => null);
    await connection?.close();
    return connection !== null;
  }, "the bus");
  await assert.rejects(open(""), /authorization violation/i);
  await assert.rejects(open("lectern:another@"), /authorization violation/i);
});
