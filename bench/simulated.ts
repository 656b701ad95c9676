/**
 * Whether a simulation can be believed: one scenario, simulated, and executed with real nodes and real viewers, who come from addresses of
 * loopback that stand for carriers. How many end up where is compared.
 */
import { statSync } from "node:fs";
import { get } from "node:http";
import { clip } from "../e2e/clips.ts";
import { joined, type Node } from "../e2e/cluster.ts";
import { ffmpegDone } from "../e2e/ffmpeg.ts";
import { type Scenario, scenarioSchema } from "../packages/server/src/network/simulate/scenario.ts";
import { Simulation } from "../packages/server/src/network/simulate/simulation.ts";
import { of, Scene } from "./drills/scene.ts";
import type { BenchOptions } from "./options.ts";
import { pause } from "./process.ts";
import { publishClip } from "./publisher.ts";
import { round, type Table } from "./table.ts";

const CLIP_SECONDS = 20;
/** By the address that stands for it. */
const CARRIERS = { telecom: "127.0.0.2", unicom: "127.0.0.3", mobile: "127.0.0.4" } as const;

function scenarioOf(viewers: number, mbps: number): Scenario {
  const edges = (name: string, count: number) => ({
    name,
    count,
    region: "here",
    carriers: [name],
    capacityMbps: 60,
    maxConnections: 2000,
  });
  return scenarioSchema.parse({
    title: "eight edges of three carriers",
    seconds: 60,
    dispatchers: 1,
    fleet: [
      { name: "origin", count: 1, region: "here", roles: ["origin", "control"] },
      edges("telecom", 4),
      edges("unicom", 2),
      edges("mobile", 2),
    ],
    arrivals: [
      {
        over: 40,
        viewers,
        name: "x",
        mbps,
        from: [
          { region: "here", carrier: "telecom", share: 4 },
          { region: "here", carrier: "unicom", share: 2.5 },
          { region: "here", carrier: "mobile", share: 1.5 },
        ],
      },
    ],
  });
}

export async function benchSimulated(options: BenchOptions): Promise<Table> {
  const scene = new Scene({ quick: options.quick });
  try {
    const file = await smallClip(scene);
    const mbps = (statSync(file).size * 8) / CLIP_SECONDS / 1e6;
    const scenario = scenarioOf(options.quick ? 200 : 800, mbps);
    const expected = new Map(new Simulation(scenario).run().edges.map(({ node, viewers }) => [node, viewers]));
    const networks = Object.entries(CARRIERS).map(([carrier, ip]) => ({ cidr: [ip], region: "here", carrier }));
    const set = {
      "cluster.node.region": "here",
      "dispatch.networks": JSON.stringify(networks),
      "dispatch.viewerMbps": mbps.toFixed(3),
    };
    const wanted = scenario.fleet.flatMap(({ name, count, roles, carriers, capacityMbps, maxConnections }) =>
      Array.from({ length: count }, (_, i) => {
        const own = { "cluster.node.carriers": JSON.stringify(carriers), "cluster.node.capacityMbps": `${capacityMbps}` };
        return [
          `${name}-${i + 1}`,
          { roles: roles.join(","), set: { ...set, ...own, "cluster.node.maxConnections": `${maxConnections}` } },
        ] as const;
      }),
    );
    const nats = await scene.nats();
    const nodes = new Map<string, Node>();
    // Not all at once: a machine with two cores is slow to start three processes for each.
    for (let i = 0; i < wanted.length; i += 3)
      for (const [id, node] of await scene.nodes(nats, Object.fromEntries(wanted.slice(i, i + 3)))) nodes.set(id, node);
    await joined([...nodes.values()]);
    const origin = of(nodes, "origin-1");
    const publisher = publishClip(file, `${origin.rtmp}/live/x`, "", null);
    await origin.stream("x", ({ video }) => video !== null);
    await pause(3);
    const counted = await come(scenario, origin);
    await publisher.stop();
    const rows = [...expected].map(([node, viewers]): (string | number)[] => {
      const real = counted.get(new URL(of(nodes, node).http).host) ?? 0;
      const all = scenario.arrivals[0]?.viewers ?? 1;
      return [node, viewers, real, `${round((viewers / all) * 100, 1)} %`, `${round((real / all) * 100, 1)} %`];
    });
    return {
      title: "One scenario, simulated and executed: who watches where",
      columns: ["node", "simulated", "executed", "share simulated", "share executed"],
      rows,
      notes: [
        `${scenario.arrivals[0]?.viewers} viewers within ${scenario.arrivals[0]?.over} s; the executed ones were sent by /dispatch and watched to the end.`,
      ],
    };
  } finally {
    await scene.close();
  }
}

/** Viewers come evenly, and stay. Gives how many are at each host. */
async function come({ arrivals: [group] }: Scenario, { http }: Node): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  if (!group) return counts;
  const whole = group.from.reduce((sum, { share }) => sum + share, 0);
  const credit = group.from.map(() => 0);
  const watching: Promise<void>[] = [];
  for (let i = 0; i < group.viewers; i++) {
    // Each carrier has its share of every few viewers.
    for (const [j, { share }] of group.from.entries()) credit[j] = (credit[j] ?? 0) + share / whole;
    const next = credit.indexOf(Math.max(...credit));
    credit[next] = (credit[next] ?? 0) - 1;
    const carrier = group.from[next]?.carrier as keyof typeof CARRIERS;
    watching.push(
      watch(`${http}/dispatch/live/${group.name}.flv`, CARRIERS[carrier]).then((host) => {
        counts.set(host, (counts.get(host) ?? 0) + 1);
      }),
    );
    await pause(group.over / group.viewers);
  }
  await Promise.all(watching);
  return counts;
}

/** Follows redirects, and watches for ever. Gives the host, as soon as something comes. */
function watch(url: string, localAddress: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { localAddress, agent: false }, (answer) => {
      const { location } = answer.headers;
      if (answer.statusCode === 302 && location) {
        answer.resume();
        watch(new URL(location, url).href, localAddress).then(resolve, reject);
      } else if (answer.statusCode === 200) {
        answer.once("data", () => resolve(new URL(url).host));
        answer.resume();
      } else reject(new Error(`${url} answered ${answer.statusCode}`));
    }).on("error", reject);
  });
}

/** A lesson of about 0.3 Mbps. */
async function smallClip(scene: Scene): Promise<string> {
  const source = await clip(scene.scope, scene.directory, "b-frames", `${CLIP_SECONDS}`);
  const file = `${scene.directory}/small.flv`;
  const video = ["-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-x264-params", "nal-hrd=cbr", "-pix_fmt", "yuv420p"];
  const rate = ["-b:v", "230k", "-maxrate", "230k", "-minrate", "230k", "-bufsize", "230k", "-c:a", "aac", "-b:a", "48k"];
  await ffmpegDone(scene.scope, ["-i", source, "-vf", "scale=320:-2", ...video, ...rate, "-f", "flv", file]);
  return file;
}
