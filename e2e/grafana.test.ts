/**
 * The dashboards and alert rules of deploy/grafana: they have the types that Grafana publishes, every metric that they ask for is on `/metrics`, with
 * labels that have a bound, and every metric of the server is on a dashboard. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { TOKEN, until } from "./lectern.ts";
import { Viewer } from "./viewers.ts";

const FOLDER = join(import.meta.dirname, "../deploy/grafana");
const ROOT = join(import.meta.dirname, "..");

type Target = { readonly expr: string; readonly legendFormat: string };
type Panel = { readonly id: number; readonly type: string; readonly title: string; readonly targets?: readonly Target[] };
type Variable = { readonly name: string; readonly query: string | { readonly query: string } };
type Dashboard = {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
};

type Rule = {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
};

const dashboards = new Map<string, Dashboard>(
  readdirSync(join(FOLDER, "dashboards")).map((file) => [file, JSON.parse(readFileSync(join(FOLDER, "dashboards", file), "utf8"))]),
);
const expressions = [...dashboards].flatMap(([file, { panels, templating }]) => [
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: `${file}: ${title}`, expr }))),
  ...templating.list.flatMap(({ name, query }) =>
    typeof query === "string" ? [] : [{ where: `${file}: ${name}`, expr: query.query }],
  ),
]);

const rules: readonly Rule[] = parse(readFileSync(join(FOLDER, "alerts.yaml"), "utf8")).groups.flatMap(
  ({ rules: of }: { rules: readonly Rule[] }) => of,
);
const alerts = rules.map(({ alert, expr }) => ({ where: alert, expr }));

test("each alert rule has a name of its own, a severity, and says what to do", () => {
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  assert.ok(rules.length >= 12, `${rules.length} rules`);
  for (const { alert, labels, annotations, expr } of rules) {
    assert.match(alert, /^Lectern[A-Z]/);
    assert.ok(["critical", "warning"].includes(labels.severity), alert);
    assert.ok(annotations.summary.length > 0 && annotations.description.length > 0, alert);
    assert.equal(expr.split("(").length, expr.split(")").length, alert);
  }
  const { rule_files } = parse(readFileSync(join(FOLDER, "prometheus.yaml"), "utf8"));
  const { services } = parse(readFileSync(join(FOLDER, "compose.yaml"), "utf8"), { merge: true });
  const targets = services.prometheus.configs.map(({ target }: { target: string }) => target);
  for (const file of rule_files) assert.ok(targets.includes(file), file);
});

test("there is a dashboard for the fleet, a node, streams, viewers, rooms and alarms, each with its own name and panels", () => {
  assert.deepEqual(
    [...dashboards.keys()],
    ["alarms.json", "fleet.json", "node.json", "rooms.json", "streams.json", "viewers.json"],
  );
  assert.equal(new Set([...dashboards.values()].map(({ uid }) => uid)).size, dashboards.size);
  for (const [file, { panels }] of dashboards) {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, file);
    assert.ok(panels.filter(({ type }) => type !== "row").length >= 4, file);
  }
});

test("each dashboard and panel has the types that Grafana publishes in @grafana/schema", () => {
  const types = { row: "Row", stat: "StatPanel", table: "TablePanel", timeseries: "TimeSeriesPanel" };
  const typeOf = (type: string) =>
    Object.entries(types).find(([name]) => name === type)?.[1] ?? assert.fail(`a panel of type ${type}`);
  const lines = [...dashboards.values()].flatMap(({ panels, ...dashboard }, i) => [
    `export const dashboard${i}: DashboardFile = ${JSON.stringify(dashboard)};`,
    ...panels.map((panel, j) => `export const panel${i}_${j}: ${typeOf(panel.type)} = ${JSON.stringify(panel)};`),
  ]);
  const imported = `import type { DashboardFile, ${Object.values(types).join(", ")} } from "../e2e/grafana-types.ts";`;
  assert.equal(checkTypes([imported, ...lines]), "");
  const [first = ""] = lines.filter((line) => line.includes("TimeSeriesPanel"));
  assert.match(
    checkTypes([imported, first.replace('"showPoints":"never"', '"showPoints":"seldom"')]),
    /seldom/,
    "the check sees a mistake",
  );
  assert.match(checkTypes([imported, first.replace('"gridPos"', '"gridPosition"')]), /gridPosition/);
});

/** What the compiler says of a file; nothing: all is well. */
function checkTypes(lines: readonly string[]): string {
  const folder = join(ROOT, ".cache");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `grafana-${process.pid}.ts`);
  writeFileSync(file, lines.join("\n"));
  try {
    const options = ["--noEmit", "--ignoreConfig", "--strict", "--skipLibCheck", "--allowImportingTsExtensions", "--types", "node"];
    const modules = ["--module", "NodeNext", "--moduleResolution", "NodeNext", "--target", "ESNext", "--lib", "ESNext"];
    execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), ...options, ...modules, file], {
      stdio: "pipe",
    });
    return "";
  } catch (error) {
    return String(Reflect.get(Object(error), "stdout"));
  } finally {
    rmSync(file);
  }
}

/** Labels that one series may have: their values are names of the program's own, of nodes, of processes, and of streams that publishers have. */
const LABELS: readonly string[] = [
  ...[
    "protocol",
    "process",
    "result",
    "reason",
    "rule",
    "kind",
    "state",
    "from",
    "what",
    "code",
    "verdict",
    "measure",
    "trial",
    "answer",
    "severity",
  ],
  ...[
    "engine",
    "upstream",
    "to",
    "component",
    "stream",
    "le",
    "type",
    "space",
    "version",
    "major",
    "minor",
    "patch",
    "owner",
    "places",
    "role",
    "region",
  ],
];

test("every metric that a panel asks for is on a running server's /metrics, with the labels it is asked by", async (t) => {
  // Nobody takes the traces there; their counts are there all the same.
  const lectern = await sharedLectern({ "tracing.endpoint": "http://127.0.0.1:9" });
  publishForever(t, clip("b-frames"), `${lectern.rtmp}/live/math`);
  const viewer = new Viewer("flv", () => [lectern], "math");
  t.after(() => viewer.close());
  const scrape = async () => {
    const answer = await fetch(`${lectern.http}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
    return await answer.text();
  };
  // The machine is measured every ten seconds.
  const text = await until(async () => {
    const now = await scrape();
    return now.includes("lectern_machine_cores ") && now.includes("lectern_uplink_fps{") ? now : null;
  }, "the first sample");
  const known = new Set(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = "", type]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
  assert.ok(expressions.length > 80, `${expressions.length} expressions`);
  for (const { where, expr } of [...expressions, ...alerts]) {
    const names = [...expr.matchAll(/\b(?:lectern|process|nodejs)_\w+/g)].map(([name]) => name);
    assert.ok(names.length > 0 || /\bup\{/.test(expr), where);
    for (const name of names) assert.ok(known.has(name), `${where}: ${name} is not on /metrics`);
  }
  const shown = expressions.map(({ expr }) => expr).join("\n");
  const families = [...text.matchAll(/^# TYPE (lectern_\w+) /gm)].map(([, name = ""]) => name);
  assert.ok(families.length > 70, `${families.length} families`);
  assert.deepEqual(
    families.filter((name) => !new RegExp(`\\b${name}(_bucket|_sum|_count)?\\b`).test(shown)),
    [],
    "every family of the server's own is on a dashboard",
  );
  const labels = new Set(
    [...text.matchAll(/^\w+\{(.*)\} \S+$/gm)].flatMap(([, list = ""]) =>
      [...list.matchAll(/(\w+)="/g)].map(([, label = ""]) => label),
    ),
  );
  assert.deepEqual(
    [...labels].filter((label) => !LABELS.includes(label)),
    [],
  );
  const withStream = new Set(
    [...text.matchAll(/^(\w+)\{[^}]*stream="/gm)].map(([, name = ""]) => name.replace(/uplink.*/, "uplink")),
  );
  assert.deepEqual([...withStream], ["lectern_uplink"], "only what publishers send is by stream");
});

test("the compose file of Grafana and Prometheus loads every dashboard, scrapes every node, and gives no container more rights", () => {
  const read = (file: string) => parse(readFileSync(join(FOLDER, file), "utf8"), { merge: true });
  const { services, configs, networks } = read("compose.yaml");
  const nodes = ["centre", "second", "edge"];
  for (const name of ["prometheus", "grafana"]) {
    const { read_only, cap_drop, security_opt, user } = services[name];
    assert.deepEqual([read_only, cap_drop, security_opt], [true, ["ALL"], ["no-new-privileges:true"]], name);
    assert.ok(!user.startsWith("0:"), name);
  }
  const targets: string[] = services.grafana.configs.map(({ source, target }: { source: string; target: string }) => {
    const { file }: { file: string } = configs[source];
    readFileSync(join(FOLDER, "../compose", file));
    return target;
  });
  const provider = read("provisioning/dashboards/lectern.yaml").providers[0];
  for (const file of dashboards.keys()) assert.ok(targets.includes(`${provider.options.path}/${file}`), file);
  const scraped = read("prometheus.yaml").scrape_configs[0].static_configs[0].targets;
  assert.deepEqual(
    scraped,
    nodes.map((node) => `${node}:8080`),
  );
  // Nobody comes from the scraping network but Prometheus.
  const [{ subnet }] = networks.monitoring.ipam.config;
  assert.equal(networks.monitoring.internal, true);
  for (const node of nodes) assert.ok(services[node].environment.LECTERN_METRICS_ALLOW.includes(subnet), node);
});
