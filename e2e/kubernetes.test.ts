/**
 * Checks the manifests of deploy/kubernetes: each overlay builds, every object is what Kubernetes and its extensions publish, every variable, port, path and
 * command is one of the program, and what compose and systemd say is said here by the same names.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { LIMIT } from "../packages/server/src/network/dispatch/dispatcher.ts";
import { viewersOf } from "../packages/server/src/node/commands/capacity.ts";
import { healthDoor } from "../packages/server/src/operations/health.ts";
import { loadConfig } from "../packages/server/src/platform/config/load.ts";
import type { Config } from "../packages/server/src/platform/config/schema.ts";
import { composed, composedNodes } from "./compose.ts";
import {
  built,
  environmentOf,
  exampleSecrets,
  kustomizeVersion,
  type Manifest,
  OVERLAYS,
  type Port,
  type Workload,
  workloadsOf,
} from "./kubernetes.ts";
import { faultsOf } from "./kubernetes-schemas.ts";
import { NODE_OPTIONS } from "./lectern.ts";
import { MAIN } from "./program.ts";

const ROOT = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const SECRET = "a secret that is long enough";
const composeNodes = () => composedNodes(composed({ LECTERN_CLUSTER_SECRET: SECRET, POSTGRES_PASSWORD: SECRET }));

type Overlay = (typeof OVERLAYS)[number];
type Node = { readonly workload: Workload; readonly environment: Readonly<Record<string, string>>; readonly config: Config };
type Built = { readonly manifests: readonly Manifest[]; readonly nodes: readonly Node[] };

const isThere = kustomizeVersion() !== null;
/** The commands by which nodes are drained before they are stopped. */
const drains = new Set<string>();
const overlays = new Map<Overlay, Built>();

before(() => {
  for (const overlay of isThere ? OVERLAYS : []) {
    const manifests = built(`overlays/${overlay}`);
    const nodes = workloadsOf(manifests).map((workload): Node => {
      const environment = environmentOf(manifests, workload, overlay !== "one-machine");
      return { workload, environment, config: loadConfig({ file: null, env: environment, set: [] }) };
    });
    overlays.set(overlay, { manifests, nodes });
  }
});

/** @param check called for each overlay */
function ofEach(name: string, check: (overlay: Built, called: Overlay, t: TestContext) => void): void {
  test(name, (t) => {
    if (!isThere) return t.skip("needs kubectl with Kustomize 4 or newer");
    for (const overlay of OVERLAYS) check(overlays.get(overlay) ?? assert.fail(), overlay, t);
  });
}

const container = ({ pod }: Workload) => pod.containers[0];
const ofKind = (manifests: readonly Manifest[], kind: string) => manifests.filter((manifest) => manifest.kind === kind);
const spec = <T>(manifest: Manifest | undefined): T => (manifest?.spec ?? assert.fail("it has no spec")) as T;
const hasLabels = (labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>) =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

test("every object is what the published schemas say, and a misspelt key or a wrong value is none", async (t) => {
  if (!isThere) return t.skip("needs kubectl with Kustomize 4 or newer");
  const all = [...[...overlays.values()].flatMap(({ manifests }) => manifests), ...built("scaling/hpa")];
  for (const manifest of all) assert.deepEqual(await faultsOf(manifest), [], `${manifest.kind} ${manifest.metadata.name}`);
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  assert.ok(kinds.length >= 12, kinds.join());
  const edge = all.find(({ kind }) => kind === "DaemonSet") ?? assert.fail();
  const changed = (from: string, to: string): Manifest => {
    const text = JSON.stringify(edge);
    assert.ok(text.includes(from), from);
    return JSON.parse(text.replace(from, to));
  };
  assert.deepEqual(await faultsOf(changed('"failureThreshold"', '"failureTreshold"')), [
    "/spec/template/spec/containers/0/livenessProbe/failureTreshold: there is no such key",
  ]);
  assert.match((await faultsOf(changed('"hostPort":8080', '"hostPort":"8080"'))).join(), /hostPort/);
  assert.match((await faultsOf(changed('"cpu":"1"', '"cpu":"one"'))).join(), /cpu/);
  assert.match((await faultsOf(changed('"selector":', '"selectors":'))).join(), /selector/);
  assert.deepEqual(await faultsOf({ ...edge, apiVersion: "apps/v2" }), ["there is no schema of apps/v2"]);
});

ofEach("every node is configured as the program understands it, with names and addresses of its own", ({ nodes }, overlay) => {
  const expected = {
    "one-machine": [["lectern", []]],
    small: [
      ["lectern-control", ["control", "dispatch"]],
      ["lectern-edge", ["edge"]],
      ["lectern-origin", ["origin"]],
    ],
    region: [
      ["lectern-control", ["control", "dispatch"]],
      ["lectern-edge", ["edge"]],
      ["lectern-origin", ["origin"]],
    ],
  };
  const found = nodes.map(({ workload, config }) => [workload.name, config.roles]);
  assert.deepEqual(found.sort(), expected[overlay]);
  for (const { workload, config, environment } of nodes) {
    assert.deepEqual([config.cluster.node.id, config.cluster.node.address], ["lectern-0", "10.1.2.3"], workload.name);
    assert.equal(config.cluster.nats.length > 0, overlay !== "one-machine", workload.name);
    assert.equal(config.cluster.node.region, overlay === "region" ? "north" : "");
    assert.ok(!workload.pod.enableServiceLinks, "a Service called lectern sets LECTERN_SERVICE_HOST, which the program refuses");
    const linked = { ...environment, LECTERN_SERVICE_HOST: "10.0.0.1" };
    assert.throws(() => loadConfig({ file: null, env: linked, set: [] }), /LECTERN_SERVICE_HOST/);
  }
  // Players and encoders reach a node itself, by the machine's name where it has a certificate.
  const https = overlay === "one-machine" ? "" : "https://machine-3.nodes.school.example:8443";
  for (const { workload, config } of nodes.filter(({ workload: { name } }) => name !== "lectern-control"))
    assert.equal(config.cluster.node.http, https, workload.name);
  const control = nodes.find(({ workload: { name } }) => name === "lectern-control");
  if (control) assert.equal(control.config.cluster.node.http, control.config.http.publicUrl);
});

/** The ports that a configuration opens for people, by name. */
function portsOf({ http, rtmp, srt, webrtc, workers }: Config): readonly [name: string, port: number, protocol: string][] {
  const media = Array.from({ length: Number(workers) }, (_, i): [string, number, string] => [
    `webrtc-${i}`,
    webrtc.port + i,
    "UDP",
  ]);
  const tls: [string, number, string][] = [
    ...(http.tls ? [["https", http.tls.port, "TCP"] as [string, number, string]] : []),
    ...(rtmp.tls ? [["rtmps", rtmp.tls.port, "TCP"] as [string, number, string]] : []),
  ];
  return [
    ["http", http.port, "TCP"],
    ["rtmp", rtmp.port, "TCP"],
    ...(srt.port > 0 ? [["srt", srt.port, "UDP"] as [string, number, string]] : []),
    ...media,
    ...tls,
  ];
}

ofEach("each port that a node opens for people is one of its machine, and no other is", ({ manifests, nodes }) => {
  type Rule = {
    readonly from?: readonly object[];
    readonly ports: readonly { readonly protocol: string; readonly port: number; readonly endPort?: number }[];
  };
  const [policy] = ofKind(manifests, "NetworkPolicy");
  const { ingress } = spec<{ readonly ingress: readonly Rule[] }>(policy);
  const admits = (port: number, protocol: string, toNodesOnly: boolean) =>
    ingress.some(
      ({ from, ports }) =>
        (from !== undefined) === toNodesOnly &&
        ports.some((rule) => rule.protocol === protocol && port >= rule.port && port <= (rule.endPort ?? rule.port)),
    );
  for (const { workload, config } of nodes) {
    const listed = container(workload).ports;
    const isReached = listed.some(({ hostPort }) => hostPort !== undefined);
    assert.equal(isReached, workload.name !== "lectern-control", workload.name);
    const byName = new Map(listed.map((port): [string, Port] => [port.name, port]));
    assert.equal(byName.size, listed.length, workload.name);
    for (const [name, number, protocol] of isReached ? portsOf(config) : []) {
      const port = byName.get(name);
      assert.deepEqual(
        [port?.containerPort, port?.hostPort, port?.protocol ?? "TCP"],
        [number, number, protocol],
        `${workload.name}: ${name}`,
      );
      assert.ok(admits(number, protocol, false), `${workload.name}: ${name} is closed by the NetworkPolicy`);
      byName.delete(name);
    }
    // A machine may have more workers than this node: their ports are named all the same.
    const unused = [...byName.keys()].filter((name) => !/^webrtc-\d$/.test(name) && name !== "cluster" && name !== "http");
    assert.deepEqual(unused, [], workload.name);
    assert.equal(byName.get("cluster")?.containerPort, config.cluster.port);
    // One for the supervisor and one for each worker, and nothing but nodes comes in there.
    for (let port = config.cluster.port; port <= config.cluster.port + Number(config.workers); port++)
      assert.deepEqual([admits(port, "TCP", true), admits(port, "TCP", false)], [true, false], `${workload.name}: ${port}`);
    // Two ports of one number would be one for tools that merge lists by the number alone.
    assert.equal(new Set(listed.map(({ containerPort }) => containerPort)).size, listed.length, workload.name);
  }
});

ofEach(
  "probes ask for addresses that answer, for as long as systemd waits, and one that is not ready is not killed",
  ({ nodes }) => {
    const door = healthDoor("w1", () => null);
    const unit = read("deploy/systemd/lectern.service");
    const seconds = (key: string) => Number(new RegExp(`^${key}=(\\d+)$`, "m").exec(unit)?.[1]);
    for (const { workload } of nodes) {
      const { startupProbe, livenessProbe, readinessProbe, ports } = container(workload);
      for (const { httpGet } of [startupProbe, livenessProbe, readinessProbe]) {
        assert.notEqual(door.match({ address: { url: httpGet.path } } as never), null, httpGet.path);
        assert.ok(
          ports.some(({ name }) => name === httpGet.port),
          httpGet.port,
        );
      }
      assert.equal(startupProbe.periodSeconds * startupProbe.failureThreshold, seconds("TimeoutStartSec"));
      assert.equal(livenessProbe.periodSeconds * livenessProbe.failureThreshold, seconds("WatchdogSec"));
      assert.deepEqual([livenessProbe.httpGet.path, readinessProbe.httpGet.path], ["/healthz", "/readyz"]);
    }
    assert.match(composeNodes().get("centre")?.healthcheck?.test.join(" ") ?? "", /\/readyz/);
  },
);

ofEach("a node is started by the image's own command, and drained by one that exists before it is stopped in time", ({ nodes }) => {
  const image = read("deploy/compose/Dockerfile");
  const list = (step: string): string[] => JSON.parse(new RegExp(`^${step} (\\[.*\\])$`, "m").exec(image)?.[1] ?? "[]");
  for (const { workload, config } of nodes) {
    const { args, lifecycle, volumeMounts } = container(workload);
    assert.deepEqual(args, list("CMD"));
    const [program, script, ...command] = lifecycle.preStop.exec.command;
    assert.deepEqual([program, script], list("ENTRYPOINT"));
    assert.ok(volumeMounts.some(({ mountPath }) => mountPath === /^VOLUME (\S+)$/m.exec(image)?.[1]));
    const wait = Number(command.at(-1));
    assert.ok(wait + config.drainSeconds < workload.pod.terminationGracePeriodSeconds, workload.name);
    drains.add(JSON.stringify(command));
  }
});

test("the command that drains a node is one of the program: where no server runs it says so, and wrong usage is another exit code", (t) => {
  if (!isThere) return t.skip("needs kubectl with Kustomize 4 or newer");
  assert.equal(drains.size, 1);
  for (const command of drains) {
    const directory = mkdtempSync(join(tmpdir(), "lectern-drain-"));
    const local = JSON.parse(command).map((argument: string) => (argument === "/data" ? directory : argument));
    const { status, stderr } = spawnSync(process.execPath, [...NODE_OPTIONS, MAIN, ...local], { encoding: "utf8" });
    rmSync(directory, { recursive: true, force: true });
    assert.deepEqual([status, stderr], [1, `lectern: no server runs with ${directory}\n`]);
  }
});

ofEach("no pod has rights: it runs as the image's user, writes its volumes only, and has no key of the cluster", ({ nodes }) => {
  const user = Number(composeNodes().get("centre")?.user?.split(":")[0]);
  for (const { workload } of nodes) {
    const { pod } = workload;
    const { runAsNonRoot, runAsUser, runAsGroup, seccompProfile } = pod.securityContext;
    assert.deepEqual(
      [runAsNonRoot, runAsUser, runAsGroup, seccompProfile],
      [true, user, user, { type: "RuntimeDefault" }],
      workload.name,
    );
    assert.deepEqual(
      container(workload).securityContext,
      { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
      workload.name,
    );
    assert.equal(pod.automountServiceAccountToken, false);
    assert.equal(pod.containers.length, 1);
    // Each mount is a volume or a claim, and each of them is mounted.
    const volumes = [...pod.volumes.map(({ name }) => name), ...workload.claims];
    assert.deepEqual(
      container(workload)
        .volumeMounts.map(({ name }) => name)
        .sort(),
      volumes.sort(),
      workload.name,
    );
  }
});

ofEach("what selects nodes finds them: services, budgets, spreads, policies and Prometheus", ({ manifests, nodes }, overlay) => {
  const labels = nodes.map(({ workload }) => workload.labels);
  const services = ofKind(manifests, "Service");
  for (const service of services) {
    const { selector } = spec<{ readonly selector: Readonly<Record<string, string>> }>(service);
    const chosen = labels.filter((of) => hasLabels(of, selector)).length;
    assert.equal(chosen, service.metadata.name === "lectern" ? 1 : nodes.length, service.metadata.name);
  }
  const [monitor] = ofKind(manifests, "ServiceMonitor");
  const { selector, endpoints } = spec<{
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly endpoints: readonly {
      readonly path: string;
      readonly interval: string;
      readonly authorization: { readonly credentials: { readonly key: string } };
    }[];
  }>(monitor);
  assert.deepEqual(
    services.filter(({ metadata }) => hasLabels(metadata.labels ?? {}, selector.matchLabels)).map(({ metadata }) => metadata.name),
    ["lectern-nodes"],
  );
  assert.equal(endpoints[0]?.path, "/metrics");
  assert.match(read("deploy/grafana/prometheus.yaml"), new RegExp(`scrape_interval: ${endpoints[0]?.interval}`));
  assert.ok((endpoints[0]?.authorization.credentials.key ?? "") in exampleSecrets());

  const budgets = ofKind(manifests, "PodDisruptionBudget");
  for (const { workload } of nodes) {
    assert.ok(hasLabels(workload.labels, workload.selector.matchLabels), workload.name);
    if (workload.serviceName !== null) assert.ok(services.some(({ metadata }) => metadata.name === workload.serviceName));
    for (const spread of workload.pod.topologySpreadConstraints ?? [])
      assert.deepEqual(spread.labelSelector, workload.selector, workload.name);
    const own = budgets.filter((budget) =>
      hasLabels(
        workload.labels,
        spec<{ selector: { matchLabels: Readonly<Record<string, string>> } }>(budget).selector.matchLabels,
      ),
    );
    // A DaemonSet's pods are not evicted, and a single node has nowhere to go.
    const isMoved = workload.kind === "StatefulSet" && workload.replicas !== 1;
    assert.equal(own.length, isMoved ? 1 : 0, workload.name);
    for (const budget of own) assert.ok(spec<{ maxUnavailable: number }>(budget).maxUnavailable < (workload.replicas ?? 0));
    const hosts = workload.pod.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey) ?? [];
    if (["lectern-control", "lectern-origin"].includes(workload.name))
      assert.ok(hosts.includes("kubernetes.io/hostname"), workload.name);
  }
  const [policy] = ofKind(manifests, "NetworkPolicy");
  const { podSelector } = spec<{ podSelector: { matchLabels: Readonly<Record<string, string>> } }>(policy);
  assert.ok(
    labels.every((of) => hasLabels(of, podSelector.matchLabels)),
    overlay,
  );
  const { rules } = spec<{ rules: readonly { host: string }[] }>(ofKind(manifests, "Ingress")[0]);
  assert.deepEqual(
    rules.map(({ host }) => `https://${host}`),
    [nodes[0]?.config.http.publicUrl],
  );
  assert.deepEqual(
    [...new Set(manifests.filter(({ kind }) => kind !== "Namespace").map(({ metadata }) => metadata.namespace))],
    ["lectern"],
  );
});

test("autoscalers ask for a metric that the server has, by the role and region that the overlay's edges have", (t) => {
  if (!isThere) return t.skip("needs kubectl with Kustomize 4 or newer");
  const region = overlays.get("region") ?? assert.fail();
  const edge = region.nodes.find(({ workload }) => workload.name === "lectern-edge");
  const source = read("packages/server/src/operations/capacity-metric.ts");
  const [, metric = ""] = /name: "(\w+)"/.exec(source) ?? [];
  const [keda] = ofKind(region.manifests, "ScaledObject");
  type Target = { readonly apiVersion: string; readonly kind: string; readonly name: string };
  const { scaleTargetRef, triggers } = spec<{ scaleTargetRef: Target; triggers: readonly { metadata: { query: string } }[] }>(keda);
  const wanted = `max(${metric}{role="${edge?.config.roles[0]}",region="${edge?.config.cluster.node.region}"})`;
  assert.deepEqual(
    triggers.map(({ metadata }) => metadata.query),
    [wanted],
  );
  const [hpa] = ofKind(built("scaling/hpa"), "HorizontalPodAutoscaler");
  const other = spec<{
    scaleTargetRef: Target;
    metrics: readonly { external: { metric: { name: string; selector: { matchLabels: object } } } }[];
  }>(hpa);
  assert.deepEqual(other.metrics[0]?.external.metric, {
    name: metric,
    selector: { matchLabels: { role: edge?.config.roles[0], region: edge?.config.cluster.node.region } },
  });
  for (const target of [scaleTargetRef, other.scaleTargetRef])
    assert.deepEqual(target, { apiVersion: "apps/v1", kind: edge?.workload.kind, name: edge?.workload.name });
});

const BYTES: Readonly<Record<string, number>> = { Mi: 2 ** 20, Gi: 2 ** 30 };
const bytesOf = (quantity = "") => Number.parseFloat(quantity) * (BYTES[quantity.replace(/[\d.]+/, "")] ?? Number.NaN);

ofEach(
  "an edge asks for what a full edge needs by the measured costs, and its volume holds what the configuration lets it keep",
  ({ nodes }) => {
    for (const { workload, config } of nodes.filter(({ config: { roles } }) => roles.join() === "edge")) {
      const { requests, limits } = container(workload).resources;
      const mbps = config.dispatch.viewerMbps;
      const machine = { cores: Number(requests["cpu"]), memory: bytesOf(requests["memory"]), networkMbps: null, openFiles: null };
      const able = viewersOf(machine, {
        mbps,
        isTls: config.http.tls !== null,
        isRecorded: false,
        maxViewers: config.limits.viewers,
        maxStreams: 1,
      });
      const full = Math.min(config.cluster.node.maxConnections, (config.cluster.node.capacityMbps / mbps) * LIMIT);
      assert.ok(able.count >= full, `${workload.name}: ${able.count} viewers by its ${able.limitedBy}, ${full} fill it`);
      assert.ok(bytesOf(limits["memory"]) > bytesOf(requests["memory"]));
      const data = workload.pod.volumes.find(({ name }) => name === "data")?.emptyDir as { readonly sizeLimit: string };
      assert.ok(
        config.storage.cacheBytes < bytesOf(data.sizeLimit) && config.storage.cacheBytes < bytesOf(requests["ephemeral-storage"]),
      );
    }
    // No limit of processors: a node that is throttled is late for everybody at once.
    for (const { workload } of nodes) assert.deepEqual(Object.keys(container(workload).resources.limits), ["memory"]);
  },
);

test("what the compose file sets is set here by the same names, and the Secret's example has names that the program knows", (t) => {
  if (!isThere) return t.skip("needs kubectl with Kustomize 4 or newer");
  const { nodes } = overlays.get("region") ?? assert.fail();
  const here = new Set(nodes.flatMap(({ environment }) => Object.keys(environment)));
  const compose = composeNodes();
  const there = new Set([...compose.values()].flatMap(({ environment = {} }) => Object.keys(environment)));
  assert.deepEqual(
    [...there].filter((name) => !here.has(name)),
    [],
  );
  const others = [...here].filter((name) => !name.startsWith("LECTERN_"));
  assert.deepEqual(others.sort(), ["HOST_IP", "NODE_DOMAIN", "NODE_NAME", "POD_IP", "POD_NAME"]);
  const { storage, database, cluster, secrets } = loadConfig({ file: null, env: exampleSecrets(), set: [] });
  assert.ok(
    storage.s3 && database.url !== "" && cluster.nats.length > 0 && secrets.links.length > 0 && secrets.encryption.length > 0,
  );
});
