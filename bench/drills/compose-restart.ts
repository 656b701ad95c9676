/** The services of the compose file, each in a network namespace of its own, as Docker would start them; then restarted one by one. */
import { type ChildProcess, execFile, execFileSync } from "node:child_process";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { clip } from "../../e2e/clips.ts";
import { composed, composedNodes, type Service } from "../../e2e/compose.ts";
import { MAIN, TOKEN, until } from "../../e2e/lectern.ts";
import { asWhom, binaries } from "../../e2e/postgres.ts";
import { LAB_SCOPE, LabCluster } from "../netlab/lab-cluster.ts";
import type { LabHost } from "../netlab/network-lab.ts";
import { type DrillOptions, type DrillResult, longestGap, type ProtocolSummary } from "../testbed/local-cluster.ts";

const run = promisify(execFile);
const SECRET = "a secret of this drill alone";
const PROTOCOLS = "flv,ws,rtmp,hls";
/** HLS comes in parts of 400 ms: so much is no gap. */
const PART_MS = 400;
const VIEWERS = { whole: 33, quick: 8 } as const;

export async function composeRestart(options: DrillOptions): Promise<DrillResult> {
  const services = composed({ LECTERN_CLUSTER_SECRET: SECRET, POSTGRES_PASSWORD: "drill" });
  const nodes = composedNodes(services);
  const cluster = new LabCluster();
  try {
    const places = new Map([...services.keys()].map((name) => [name, cluster.lab.addHost(name)]));
    const all = [...places.values()];
    for (const [i, one] of all.entries()) for (const other of all.slice(i + 1)) await cluster.lab.addLink(one, other);
    cluster.lab.writeHostNames();
    await startPostgres(cluster, placeOf(places, "postgres"), services.get("postgres")?.environment ?? {});
    const nats = (services.get("nats")?.command ?? []).map((word) => (word === "/data" ? join(cluster.directory, "nats") : word));
    cluster.lab.start(placeOf(places, "nats"), "nats-server", nats, { stdio: "ignore" });
    const start = async (name: string): Promise<ChildProcess> => {
      const [place, service] = [placeOf(places, name), nodes.get(name)];
      const child = cluster.lab.start(place, process.execPath, [MAIN, "serve", "--data", join(cluster.directory, name)], {
        // Anybody may publish in this drill, and it looks at the API.
        env: { ...process.env, ...service?.environment, LECTERN_PUBLISH_ALLOW: "any", LECTERN_ADMIN_TOKEN: TOKEN },
        stdio: "ignore",
      });
      await until(() => isHealthy(place, service), `${name} to be healthy`, 60_000);
      return child;
    };
    const running = new Map<string, ChildProcess>();
    await Promise.all([...nodes.keys()].map(async (name) => running.set(name, await start(name))));
    const file = await clip(LAB_SCOPE, cluster.directory, "b-frames", "20");
    cluster.publish(placeOf(places, "postgres"), file, "x", ["second", "centre"]);
    const count = options.quick ? VIEWERS.quick : VIEWERS.whole;
    const crowds = [...nodes.keys()].map((name) => {
      const others = [...nodes.keys()].filter((other) => other !== name);
      return { name, viewers: cluster.watch(placeOf(places, name), "x", count, PROTOCOLS, ["127.0.0.1", ...others]) };
    });
    for (const { name, viewers } of crowds) await viewers.untilPlaying(count, name);
    for (const { viewers } of crowds) await viewers.measure();
    for (const name of nodes.keys()) {
      const child = running.get(name);
      const gone = new Promise((resolve) => child?.once("exit", resolve));
      child?.kill("SIGTERM");
      await gone;
      running.set(name, await start(name));
    }
    await new Promise((resolve) => setTimeout(resolve, options.quick ? 5000 : 10_000));
    const looked = await Promise.all(crowds.map(({ viewers }) => viewers.report()));
    const seen = together(looked.flatMap((watching) => watching.seen));
    const epochs = new Set(looked.flatMap((watching) => watching.epochs));
    return {
      drill: "cluster",
      broke: "the services of deploy/compose, each in a namespace of its own; the nodes were restarted one after the other",
      promise: "all become healthy, and no viewer is without a picture for more than 1 s",
      held: longestGap(seen) <= 1000 + PART_MS && epochs.size === 1,
      seen,
      notes: [`${nodes.size} nodes, ${count} viewers at each, who go to another one when theirs ends; ${epochs.size} epoch`],
    };
  } finally {
    await cluster.close();
  }
}

function placeOf(places: ReadonlyMap<string, LabHost>, name: string): LabHost {
  const place = places.get(name);
  if (!place) throw new Error(`the compose file has no ${name}`);
  return place;
}

/** What the compose file has Docker run to see whether a node is healthy. */
async function isHealthy(place: LabHost, service: Service | undefined): Promise<boolean> {
  const [, program = "", ...args] = service?.healthcheck?.test ?? [];
  const command = program === "node" ? process.execPath : program;
  return await run("ip", ["netns", "exec", place.namespace, command, ...args]).then(
    () => true,
    () => false,
  );
}

/** What the image of PostgreSQL makes of its environment. */
async function startPostgres(cluster: LabCluster, place: LabHost, environment: Readonly<Record<string, string>>): Promise<void> {
  const { POSTGRES_USER: user = "", POSTGRES_DB: database = "", POSTGRES_PASSWORD: password = "" } = environment;
  const [bin, directory, whom] = [binaries(), join(cluster.directory, "postgres"), asWhom()];
  mkdirSync(directory);
  writeFileSync(join(directory, "password"), password);
  // Only root can go below a directory that is root's alone.
  execFileSync("chmod", ["755", cluster.directory]);
  if (whom) for (const path of [directory, join(directory, "password")]) chownSync(path, whom.uid, whom.gid);
  const init = ["-D", join(directory, "data"), "-U", user, "-A", "scram-sha-256", `--pwfile=${join(directory, "password")}`];
  execFileSync(join(bin, "initdb"), [...init, "-E", "UTF8", "--no-sync"], { ...whom, stdio: "ignore", env: { LC_ALL: "C" } });
  writeFileSync(join(directory, "data/pg_hba.conf"), "host all all all scram-sha-256\n");
  const as = whom ? ["setpriv", `--reuid=${whom.uid}`, `--regid=${whom.gid}`, "--clear-groups"] : [];
  const [command = "", ...args] = [
    ...as,
    join(bin, "postgres"),
    "-D",
    join(directory, "data"),
    "-c",
    "listen_addresses=*",
    "-k",
    directory,
  ];
  cluster.lab.start(place, command, args, { stdio: "ignore" });
  const psql = ["netns", "exec", place.namespace, join(bin, "psql"), "-h", "127.0.0.1", "-U", user, "-d", "postgres"];
  const make = () =>
    run("ip", [...psql, "-c", `create database ${database}`], { env: { ...process.env, PGPASSWORD: password } }).then(
      () => true,
      () => false,
    );
  await until(make, "PostgreSQL", 30_000);
}

/** The rows of several crowds in one for each protocol. */
function together(rows: readonly ProtocolSummary[]): ProtocolSummary[] {
  return [...Map.groupBy(rows, ({ protocol }) => protocol).values()].flatMap((same) => {
    const [first] = same;
    const most = (of: (row: ProtocolSummary) => number) => Math.max(...same.map(of));
    const sum = (of: (row: ProtocolSummary) => number) => same.reduce((total, row) => total + of(row), 0);
    if (!first) return [];
    return [
      {
        protocol: first.protocol,
        viewers: sum(({ viewers }) => viewers),
        longestGapMs: most(({ longestGapMs }) => longestGapMs),
        medianGapMs: most(({ medianGapMs }) => medianGapMs),
        reconnects: sum(({ reconnects }) => reconnects),
        lost: sum(({ lost }) => lost),
        behindMs: most(({ behindMs }) => behindMs),
      },
    ];
  });
}
