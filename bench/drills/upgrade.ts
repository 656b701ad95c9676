/**
 * Runs a drill: the nodes of a cluster are upgraded from another version to this one, one by one, while viewers watch. Several versions are upgraded
 * one after the other, as an operator does where the newest refuses the database of the oldest.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { joined, type Node, nodesOf, startNode } from "../../e2e/cluster.ts";
import { freePort } from "../../e2e/lectern.ts";
import { MAIN } from "../../e2e/program.ts";
import { cacheDirectory } from "../load/clip.ts";
import { LocalCluster, nodeOf } from "../testbed/local-cluster.ts";
import { UsageError } from "../testbed/usage-error.ts";
import { longestGap } from "../testbed/viewer-summary.ts";
import { type DrillOptions, type DrillResult, HLS_PART_MS } from "./drill.ts";

const ROOT = join(import.meta.dirname, "../..");
const ROLES = { a: "origin,control", b: "origin", e: "edge", f: "edge" } as const;
/** A drained node has moved its viewers by then. */
const DRAINED_MS = 8000;

/** A node keeps its id, ports and data in both versions. */
type Slot = { readonly id: string; readonly roles: string; readonly args: readonly string[]; readonly dataDir: string };

export async function upgrade(options: DrillOptions): Promise<DrillResult> {
  const from = (options.from ?? newestTag()).split(",");
  const [oldest = MAIN, ...later] = [...from.map(checkOut), MAIN];
  const cluster = new LocalCluster(options);
  try {
    const nats = await cluster.startNats();
    const slots = await Promise.all(Object.entries(ROLES).map(([id, roles]) => slotOf(cluster, id, roles)));
    const start = ({ id, roles, args, dataDir }: Slot, main: string) =>
      startNode(cluster.scope, nats, id, roles, { dataDir }, { args, main });
    const nodes = new Map<string, Node>();
    await Promise.all(slots.map(async (slot) => nodes.set(slot.id, await start(slot, oldest))));
    const node = (id: string) => nodeOf(nodes, id);
    await joined([...nodes.values()]);
    const before = await cluster.publish("x", [node("a"), node("b")], node("b"));
    await cluster.watch("x", [node("e"), node("f")]);
    for (const main of later)
      for (const slot of [...slots].reverse()) {
        const observer = [...nodes.values()].find(({ id }) => id !== slot.id);
        await observer?.api(`/api/v1/nodes/${slot.id}/drain`, { method: "POST" });
        await new Promise((resolve) => setTimeout(resolve, DRAINED_MS));
        await node(slot.id).stop();
        nodes.set(slot.id, await start(slot, main));
        await joined([...nodes.values()]);
        process.stderr.write(`drill: node ${slot.id} has ${main}; longest gap so far ${longestGap(cluster.seen())} ms\n`);
      }
    await cluster.pause();
    const after = await node("a").stream("x", ({ video }) => video !== null);
    const versions = [...(await nodesOf(node("b"))).values()].map(({ version }) => version);
    const seen = cluster.seen();
    return {
      drill: "upgrade",
      broke: `four nodes were upgraded from ${[...from, "this version"].join(" to ")}, one by one: drained, stopped, started`,
      promise: "no viewer has a gap over 1 s, and the stream stays the same",
      held: longestGap(seen) <= 1000 + HLS_PART_MS && before.epoch === after.epoch,
      seen,
      notes: [
        `HLS arrives in parts of ${HLS_PART_MS} ms and FLV in batches of 200 ms; the limit includes the part.`,
        `the stream ${before.epoch === after.epoch ? "stayed the same" : "began again"}, from ${before.epoch} to ${after.epoch}`,
        `the publisher moved from one node to the other; versions at the end: ${[...new Set(versions)].join(", ")}`,
      ],
    };
  } finally {
    await cluster.close();
  }
}

async function slotOf(cluster: LocalCluster, id: string, roles: string): Promise<Slot> {
  const dataDir = join(cluster.directory, id);
  mkdirSync(dataDir, { recursive: true });
  const args = ["--http-port", String(await freePort()), "--rtmp-port", String(await freePort())];
  return { id, roles, args, dataDir };
}

function newestTag(): string {
  try {
    return git("describe", "--tags", "--abbrev=0");
  } catch {
    throw new UsageError("the repository has no tag; name a commit: script/drill upgrade --from COMMIT");
  }
}

/** Installs another version with its own packages in the cache folder, once. @returns its main.ts */
function checkOut(version: string): string {
  const commit = git("rev-parse", `${version}^{commit}`);
  const tree = join(cacheDirectory(), `version-${commit}`);
  if (!existsSync(tree)) {
    const partial = `${tree}.part`;
    rmSync(partial, { recursive: true, force: true });
    execFileSync("git", ["clone", "--quiet", "--no-checkout", ROOT, partial]);
    execFileSync("git", ["-C", partial, "checkout", "--quiet", commit]);
    const prepare = "source script/setup.sh; install_packages all; use_node; build_pages";
    execFileSync("bash", ["-c", prepare], { cwd: partial, stdio: "inherit" });
    renameSync(partial, tree);
  }
  return join(tree, "packages/server/src/main.ts");
}

function git(...args: string[]): string {
  return execFileSync("git", ["-C", ROOT, ...args], { encoding: "utf8" }).trim();
}
