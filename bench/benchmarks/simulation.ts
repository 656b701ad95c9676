/**
 * Validates the simulation: runs one scenario in simulated time, and with real nodes and viewers in network namespaces; compares the number of
 * viewers at each node. Needs root.
 */
import { statSync } from "node:fs";
import { clip } from "../../e2e/clips.ts";
import { ffmpegDone } from "../../e2e/ffmpeg.ts";
import { type Scenario, scenarioSchema } from "../../packages/server/src/network/simulate/scenario.ts";
import { Simulation } from "../../packages/server/src/network/simulate/simulation.ts";
import { LAB_SCOPE, LabCluster } from "../netlab/lab-cluster.ts";
import type { LabHost } from "../netlab/network-lab.ts";
import { round, type Table } from "../report/table.ts";
import { pause } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const CLIP_SECONDS = 20;

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

export async function benchSimulation(options: BenchOptions): Promise<Table> {
  const cluster = new LabCluster();
  try {
    const file = await smallClip(cluster.directory);
    const mbps = (statSync(file).size * 8) / CLIP_SECONDS / 1e6;
    const scenario = scenarioOf(options.quick ? 200 : 800, mbps);
    const [group] = scenario.arrivals;
    if (!group) throw new Error("the scenario has no viewers");
    const expected = new Map(new Simulation(scenario).run().edges.map(({ node, viewers }) => [node, viewers]));
    const originHost = cluster.lab.addHost("origin-1");
    const homes = group.from.map((from) => ({ ...from, host: cluster.lab.addHost(`home-${from.carrier}`) }));
    const edges = [...expected.keys()].map((name) => cluster.lab.addHost(name));
    for (const { host } of homes) for (const node of [originHost, ...edges]) cluster.lab.connectDirectly(host, node);
    for (const edge of edges) cluster.lab.connectDirectly(edge, originHost);
    cluster.startNats(originHost);
    const set = {
      "cluster.node.region": "here",
      "dispatch.networks": JSON.stringify(homes.map(({ host, region, carrier }) => ({ cidr: [host.address], region, carrier }))),
      "dispatch.viewerMbps": mbps.toFixed(3),
    };
    const origin = await cluster.startNode(originHost, originHost, "origin,control", set);
    // Two at a time: each node starts three processes, too many at once for a machine with two cores.
    for (let i = 0; i < edges.length; i += 2)
      await Promise.all(
        edges
          .slice(i, i + 2)
          .map((host) => cluster.startNode(host, originHost, "edge", { ...set, ...nodeOptions(scenario, host) })),
      );
    await cluster.untilJoined(origin);
    cluster.publish(originHost, file, group.name);
    await cluster.untilLive(origin);
    await pause(3);
    // The number of viewers for each carrier is random in the simulation; there, all of them stay on their carrier.
    const of = (carrier: string) =>
      [...expected].reduce((sum, [node, viewers]) => sum + (node.startsWith(carrier) ? viewers : 0), 0);
    const groups = homes.map(({ host, carrier }) =>
      cluster.watchDispatched(host, originHost, group.name, of(carrier), "flv", group.over),
    );
    await pause(group.over + 10);
    const reports = await Promise.all(groups.map((group) => group.report()));
    const counted = (node: string) => reports.reduce((sum, { hosts }) => sum + (hosts[node] ?? 0), 0);
    const share = (viewers: number) => `${round((viewers / group.viewers) * 100, 1)} %`;
    const moved = reports.reduce((sum, { seen }) => sum + seen.reduce((total, { reconnects }) => total + reconnects, 0), 0);
    const playing = reports.reduce((sum, one) => sum + one.playing, 0);
    return {
      title: "One scenario, simulated and executed: who watches where",
      columns: ["node", "simulated", "executed", "share simulated", "share executed"],
      rows: [...expected].map(([node, viewers]) => [node, viewers, counted(node), share(viewers), share(counted(node))]),
      notes: [
        `${group.viewers} viewers within ${group.over} s; the real ones asked dispatch, each carrier's from its own namespace; ${playing} received media, with ${moved} reconnects.`,
      ],
    };
  } finally {
    await cluster.close();
  }
}

/** The configuration of a scenario's node: its carriers and capacity. */
function nodeOptions({ fleet }: Scenario, { name }: LabHost): Record<string, string> {
  const kind = fleet.find((one) => name.startsWith(`${one.name}-`));
  return {
    "cluster.node.carriers": JSON.stringify(kind?.carriers ?? []),
    "cluster.node.capacityMbps": String(kind?.capacityMbps),
    "cluster.node.maxConnections": String(kind?.maxConnections),
  };
}

/** A clip of about 0.3 Mbps with a key frame each second, so that the bitrate is nearly constant from second to second. */
async function smallClip(directory: string): Promise<string> {
  const source = clip("b-frames", CLIP_SECONDS);
  const file = `${directory}/small.flv`;
  const video = ["-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-x264-params", "nal-hrd=cbr", "-pix_fmt", "yuv420p"];
  const rate = ["-b:v", "230k", "-maxrate", "230k", "-minrate", "230k", "-bufsize", "230k", "-c:a", "aac", "-b:a", "48k"];
  await ffmpegDone(LAB_SCOPE, ["-i", source, "-vf", "scale=320:-2", ...video, ...rate, "-f", "flv", file]);
  return file;
}
