/** Runs a drill: the services of the compose file, each in a network namespace; the nodes are restarted one by one. Needs root and TUN devices. */
import { type ChildProcess, execFile, execFileSync } from "node:child_process";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { clip } from "../../e2e/clips.ts";
import { composed, composedNodes, type Service } from "../../e2e/compose.ts";
import { TOKEN, until } from "../../e2e/lectern.ts";
import { asWhom, binaries } from "../../e2e/postgres.ts";
import { MAIN } from "../../e2e/program.ts";
import { LabCluster } from "../netlab/lab-cluster.ts";
import type { LabViewers } from "../netlab/lab-viewers.ts";
import type { LabHost } from "../netlab/network-lab.ts";
import { longestGap, mergeSummaries } from "../testbed/viewer-summary.ts";
import { type DrillOptions, type DrillResult, HLS_PART_MS } from "./drill.ts";

const run = promisify(execFile);
const SECRET = "a secret of this drill alone";
const PROTOCOLS = "flv,ws,rtmp,hls";
const VIEWERS = { whole: 33, quick: 8 } as const;

type Hosts = ReadonlyMap<string, LabHost>;
type Group = { readonly name: string; readonly viewers: LabViewers };

export async function composeRestart(options: DrillOptions): Promise<DrillResult> {
  const services = composed({ LECTERN_CLUSTER_SECRET: SECRET, POSTGRES_PASSWORD: "drill" });
  const nodes = composedNodes(services);
  const count = options.quick ? VIEWERS.quick : VIEWERS.whole;
  const cluster = new LabCluster();
  try {
    const hosts = await connectHosts(cluster, [...services.keys()]);
    await startPostgres(cluster, hostOf(hosts, "postgres"), services.get("postgres")?.environment ?? {});
    startNats(cluster, hostOf(hosts, "nats"), services.get("nats")?.command ?? []);
    const start = (name: string) => startNode(cluster, name, hostOf(hosts, name), nodes.get(name));
    const running = new Map(await Promise.all([...nodes.keys()].map(async (name) => [name, await start(name)] as const)));
    const file = clip("b-frames", 20);
    cluster.publish(hostOf(hosts, "postgres"), file, "x", ["second", "centre"]);
    const groups = await watchEverywhere(cluster, hosts, [...nodes.keys()], count);
    for (const [name, child] of running) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      await start(name);
    }
    await new Promise((resolve) => setTimeout(resolve, options.quick ? 5000 : 10_000));
    const reports = await Promise.all(groups.map(({ viewers }) => viewers.report()));
    const seen = mergeSummaries(reports.flatMap((report) => report.seen));
    const epochs = new Set(reports.flatMap((report) => report.epochs));
    return {
      drill: "cluster",
      broke: "the services of deploy/compose, each in a network namespace; the nodes were restarted one by one",
      promise: "all nodes become healthy, and no viewer has a gap over 1 s",
      held: longestGap(seen) <= 1000 + HLS_PART_MS && epochs.size === 1,
      seen,
      notes: [
        `${nodes.size} nodes with ${count} viewers each; viewers move to another node when theirs stops; ${epochs.size} epoch`,
      ],
    };
  } finally {
    await cluster.close();
  }
}

/** A host for each service, with a link to every other, known by its name. */
async function connectHosts({ lab }: LabCluster, names: readonly string[]): Promise<Hosts> {
  const hosts = new Map(names.map((name) => [name, lab.addHost(name)]));
  const all = [...hosts.values()];
  for (const [i, one] of all.entries()) for (const other of all.slice(i + 1)) await lab.addLink(one, other);
  lab.writeHostNames();
  return hosts;
}

function hostOf(hosts: Hosts, name: string): LabHost {
  const host = hosts.get(name);
  if (!host) throw new Error(`the compose file has no service ${name}`);
  return host;
}

async function startNode(cluster: LabCluster, name: string, host: LabHost, service: Service | undefined): Promise<ChildProcess> {
  const child = cluster.lab.start(host, process.execPath, [MAIN, "serve", "--data", join(cluster.directory, name)], {
    // The drill publishes without a key and reads the API.
    env: { ...process.env, ...service?.environment, LECTERN_PUBLISH_ALLOW: "any", LECTERN_ADMIN_TOKEN: TOKEN },
    stdio: "ignore",
  });
  await until(() => isHealthy(host, service), `${name} to be healthy`, 60_000);
  return child;
}

/** Runs the health check of the compose file. */
async function isHealthy(host: LabHost, service: Service | undefined): Promise<boolean> {
  const [, program = "", ...args] = service?.healthcheck?.test ?? [];
  const command = program === "node" ? process.execPath : program;
  return await run("ip", ["netns", "exec", host.namespace, command, ...args]).then(
    () => true,
    () => false,
  );
}

/** Starts viewers at each node, who move to the other nodes when theirs stops, and measures when all receive media. */
async function watchEverywhere(
  cluster: LabCluster,
  hosts: Hosts,
  nodes: readonly string[],
  count: number,
): Promise<readonly Group[]> {
  const groups = nodes.map((name) => {
    const others = nodes.filter((other) => other !== name);
    return { name, viewers: cluster.watch(hostOf(hosts, name), "x", count, PROTOCOLS, ["127.0.0.1", ...others]) };
  });
  for (const { name, viewers } of groups) await viewers.untilPlaying(count, name);
  for (const { viewers } of groups) await viewers.measure();
  return groups;
}

function startNats(cluster: LabCluster, host: LabHost, command: readonly string[]): void {
  const args = command.map((word) => (word === "/data" ? join(cluster.directory, "nats") : word));
  cluster.lab.start(host, "nats-server", args, { stdio: "ignore" });
}

/** Starts PostgreSQL as its Docker image does with this environment: a superuser, a password and a database. */
async function startPostgres(cluster: LabCluster, host: LabHost, environment: Readonly<Record<string, string>>): Promise<void> {
  const { POSTGRES_USER: user = "", POSTGRES_DB: database = "", POSTGRES_PASSWORD: password = "" } = environment;
  const [bin, directory, whom] = [binaries(), join(cluster.directory, "postgres"), asWhom()];
  const data = join(directory, "data");
  const passwordFile = join(directory, "password");
  mkdirSync(directory);
  writeFileSync(passwordFile, password);
  // PostgreSQL does not run as root, and another user cannot enter a temporary folder of root.
  execFileSync("chmod", ["755", cluster.directory]);
  if (whom) for (const path of [directory, passwordFile]) chownSync(path, whom.uid, whom.gid);
  const init = ["-D", data, "-U", user, "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--no-sync"];
  execFileSync(join(bin, "initdb"), init, { ...whom, stdio: "ignore", env: { LC_ALL: "C" } });
  writeFileSync(join(data, "pg_hba.conf"), "host all all all scram-sha-256\n");
  const asUser = whom ? ["setpriv", `--reuid=${whom.uid}`, `--regid=${whom.gid}`, "--clear-groups"] : [];
  const [command = "", ...args] = [...asUser, join(bin, "postgres"), "-D", data, "-c", "listen_addresses=*", "-k", directory];
  cluster.lab.start(host, command, args, { stdio: "ignore" });
  const psql = ["netns", "exec", host.namespace, join(bin, "psql"), "-h", "127.0.0.1", "-U", user, "-d", "postgres"];
  const createDatabase = () =>
    run("ip", [...psql, "-c", `create database ${database}`], { env: { ...process.env, PGPASSWORD: password } }).then(
      () => true,
      () => false,
    );
  await until(createDatabase, "PostgreSQL", 30_000);
}
