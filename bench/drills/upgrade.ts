/** A cluster that is brought from one version to the next, node after node, while people watch. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { joined, type Node, nodesOf, startNode } from "../../e2e/cluster.ts";
import { freePort, MAIN } from "../../e2e/lectern.ts";
import { cacheDirectory } from "../load/clip.ts";
import { type DrillOptions, type DrillResult, LocalCluster, longestGap } from "../testbed/local-cluster.ts";

const ROOT = join(import.meta.dirname, "../..");
/** HLS comes in parts of 400 ms: so much is no gap. */
const PART_MS = 400;
const ROLES = { a: "origin,control", b: "origin", e: "edge", f: "edge" } as const;
/** Whoever watches at a node that is drained has been moved by then. */
const DRAINED_MS = 8000;

export async function upgrade(options: DrillOptions): Promise<DrillResult> {
  const from = options.from ?? newestTag();
  const old = checkOut(from);
  const cluster = new LocalCluster(options);
  try {
    const nats = await cluster.nats();
    const places = await Promise.all(
      Object.entries(ROLES).map(async ([id, roles]) => {
        const args = ["--http-port", String(await freePort()), "--rtmp-port", String(await freePort())];
        return { id, roles, args, dataDir: join(cluster.directory, id) };
      }),
    );
    const start = ({ id, roles, args, dataDir }: (typeof places)[number], main: string) => {
      mkdirSync(dataDir, { recursive: true });
      return startNode(cluster.scope, nats, id, roles, { dataDir }, { args, main });
    };
    const nodes = await Promise.all(places.map((place) => start(place, old)));
    await joined(nodes);
    const [a, b, e, f] = nodes as [Node, Node, Node, Node];
    const before = await cluster.publish("x", [a, b], b);
    await cluster.watch("x", [e, f]);
    for (const place of [...places].reverse()) {
      const at = nodes.findIndex(({ id }) => id === place.id);
      const asks = nodes.find(({ id }) => id !== place.id);
      await asks?.api(`/api/v1/nodes/${place.id}/drain`, { method: "POST" });
      await new Promise((resolve) => setTimeout(resolve, DRAINED_MS));
      await nodes[at]?.stop();
      nodes[at] = await start(place, MAIN);
      await joined(nodes);
    }
    await cluster.pause();
    const after = await a.stream("x", ({ video }) => video !== null);
    const versions = [...(await nodesOf(b)).values()].map(({ version }) => version);
    const seen = cluster.seen();
    return {
      drill: "upgrade",
      broke: `four nodes were brought from ${from} to what is here, one after the other: drained, stopped, started`,
      promise: "no viewer is without a picture for more than 1 s, and it is the same stream",
      held: longestGap(seen) <= 1000 + PART_MS && before.epoch === after.epoch,
      seen,
      notes: [
        `HLS comes in parts of ${PART_MS} ms, and FLV in batches of 200 ms, which add to what is promised.`,
        `the publisher was sent from one node to the other; versions at the end: ${[...new Set(versions)].join(", ")}`,
      ],
    };
  } finally {
    await cluster.close();
  }
}

function newestTag(): string {
  try {
    return git("describe", "--tags", "--abbrev=0");
  } catch {
    throw new Error("there is no tag here; say from which commit: script/drill upgrade --from COMMIT");
  }
}

/** The program of another version, with its own packages; made once. */
function checkOut(version: string): string {
  const commit = git("rev-parse", `${version}^{commit}`);
  const tree = join(cacheDirectory(), `version-${commit}`);
  if (!existsSync(tree)) {
    const made = `${tree}.part`;
    rmSync(made, { recursive: true, force: true });
    execFileSync("git", ["clone", "--quiet", "--no-checkout", ROOT, made]);
    execFileSync("git", ["-C", made, "checkout", "--quiet", commit]);
    const prepare = "source script/setup.sh; install_packages all; use_node; build_pages";
    execFileSync("bash", ["-c", prepare], { cwd: made, stdio: "inherit" });
    renameSync(made, tree);
  }
  return join(tree, "packages/server/src/main.ts");
}

function git(...args: string[]): string {
  return execFileSync("git", ["-C", ROOT, ...args], { encoding: "utf8" }).trim();
}
