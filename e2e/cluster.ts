/** Starts several nodes for a test, each a whole server on its own ports, and the NATS server between them. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishForever } from "./ffmpeg.ts";
import { childrenOf, freePort, type Lectern, type OwnLectern, type Program, type Scope, startLectern, until } from "./lectern.ts";

export const SECRET = "the secret of a test's cluster";

export type Nats = {
  readonly url: string;
  /** How many connections it has now. */
  readonly clients: () => number;
  /** As if its machine had lost power. */
  readonly kill: () => Promise<void>;
  readonly restart: () => Promise<void>;
  /** It stands still: connections stay open, and nothing comes. */
  readonly hang: () => void;
  readonly goOn: () => void;
};

/** A NATS server with JetStream, which keeps what it is told across its restarts. */
export async function startNats(t: Scope): Promise<Nats> {
  return await natsServer(t, await freePort(), []);
}

/** Three NATS servers that are one bus. */
export async function startThreeNats(t: Scope): Promise<readonly Nats[]> {
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const routes = await Promise.all(ports.map(() => freePort()));
  const all = routes.map((port) => `nats://127.0.0.1:${port}`);
  const servers = ports.map((port, i) => {
    const cluster = ["--cluster_name", "lectern", "--cluster", all[i] ?? "", "--routes", all.join(","), "-n", `nats-${i}`];
    return natsServer(t, port, cluster);
  });
  return await Promise.all(servers);
}

async function natsServer(t: Scope, port: number, more: readonly string[]): Promise<Nats> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-nats-"));
  let child: ChildProcess;
  const start = async () => {
    child = spawn("nats-server", ["-js", "-sd", directory, "-a", "127.0.0.1", "-p", String(port), ...more], { stdio: "ignore" });
    await until(() => answers(port), "the NATS server");
  };
  const kill = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  };
  await start();
  t.after(async () => {
    await kill();
    rmSync(directory, { recursive: true, force: true });
  });
  const [hang, goOn] = [() => void child.kill("SIGSTOP"), () => void child.kill("SIGCONT")];
  return { url: `nats://127.0.0.1:${port}`, clients: () => connectionsTo(port), kill, restart: start, hang, goOn };
}

/** Which messages of a line are lost. Its connections stay open, and new ones are accepted. */
export type Cut = "none" | "both ways" | "to the bus" | "from the bus";

export type BusLine = { readonly url: string; readonly cut: (what: Cut) => void };

/** A line to the bus for one node, which can be cut without a word, as a firewall does that drops packets. */
export async function busLine(t: Scope, nats: Pick<Nats, "url">): Promise<BusLine> {
  const sockets = new Set<Socket>();
  let now: Cut = "none";
  const apply = (socket: Socket, isToBus: boolean) => {
    const isCut = now === "both ways" || now === (isToBus ? "to the bus" : "from the bus");
    if (isCut) socket.pause();
    else socket.resume();
  };
  const ends: (() => void)[] = [];
  const server = createServer((client) => {
    const bus = connect(Number(new URL(nats.url).port), "127.0.0.1");
    for (const [from, to, isToBus] of [
      [client, bus, true],
      [bus, client, false],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes: Buffer) => void to.write(bytes));
      from.on("error", () => from.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      apply(from, isToBus);
      ends.push(() => apply(from, isToBus));
    }
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const cut = (what: Cut) => {
    now = what;
    for (const end of ends) end();
  };
  return { url: `nats://127.0.0.1:${port}`, cut };
}

/** The processes of a node stand still for so long, as a virtual machine's do that is moved. */
export async function standStill({ process: { pid } }: Node, milliseconds: number): Promise<void> {
  const pids = pid === undefined ? [] : [pid, ...childrenOf(pid)];
  for (const one of pids) process.kill(one, "SIGSTOP");
  try {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  } finally {
    for (const one of pids) process.kill(one, "SIGCONT");
  }
}

export type Node = OwnLectern & { readonly id: string /** Kills the whole node at once. */; readonly kill: () => Promise<void> };

/** A node of a cluster; a test says what is special about it. */
export async function startNode(
  t: Scope,
  nats: Pick<Nats, "url">,
  id: string,
  roles: string,
  set: Readonly<Record<string, string>> = {},
  program: Program = {},
): Promise<Node> {
  const options = {
    roles: `[${roles}]`,
    "cluster.nats": JSON.stringify([nats.url]),
    "cluster.secret": SECRET,
    "cluster.host": "127.0.0.1",
    "cluster.port": "0",
    "cluster.node.id": id,
    workers: "1",
    ...set,
  };
  const lectern = await startLectern(t, options, program);
  const kill = async () => {
    const { pid } = lectern.process;
    // Its children first, since they would say goodbye when they see that they are alone.
    for (const child of childrenOf(pid)) process.kill(child, "SIGKILL");
    lectern.process.kill("SIGKILL");
    await lectern.exited;
  };
  return { ...lectern, id, kill };
}

/** The nodes that a node knows, by their names. */
export async function nodesOf(node: Lectern): Promise<Map<string, NodeReport>> {
  const { items }: { items: NodeReport[] } = JSON.parse(await (await node.api("/api/v1/nodes")).text());
  return new Map(items.map((item) => [item.id, item]));
}

export type NodeReport = {
  readonly id: string;
  readonly state: string;
  readonly version: string;
  readonly clockSkewMs: number;
  readonly links: readonly { readonly to: string; readonly rttMs: number | null; readonly mbps: number }[];
};

/** Waits until each node sees all the others. */
export async function joined(nodes: readonly Node[]): Promise<void> {
  for (const node of nodes) {
    await until(async () => {
      const known = await nodesOf(node).catch(() => new Map<string, NodeReport>());
      return nodes.every(({ id }) => known.get(id)?.state === "up");
    }, `${node.id} to see the others`);
  }
}

/** Publishes a clip over and over to one node after the other: to the next whenever it is cut off, as encoders do. */
export function publishTo(t: Scope, file: string, name: string, nodes: () => readonly Lectern[]): { readonly stop: () => void } {
  let turn = 0;
  let over = false;
  const abort = new AbortController();
  const go = (): void => {
    const targets = nodes();
    const target = targets[turn++ % targets.length];
    if (over || !target) return;
    const { done, child } = publishForever(t, file, `${target.rtmp}/live/${name}`);
    abort.signal.addEventListener("abort", () => child.kill("SIGKILL"));
    void done.then(() => !over && setTimeout(go, 100));
  };
  const stop = () => {
    over = true;
    abort.abort();
  };
  t.after(stop);
  go();
  return { stop };
}

/** Established connections to a port of this machine, as the kernel lists them. */
function connectionsTo(port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return [...readFileSync("/proc/net/tcp", "utf8").matchAll(new RegExp(`:[0-9A-F]{4} [0-9A-F]{8}:${hex} 01 `, "g"))].length;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
