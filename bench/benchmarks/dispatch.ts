/** Measures dispatch: decisions a second on one core, with 500 nodes that each report their load every second. */
import { ClientLocator } from "../../packages/server/src/network/dispatch/client-location.ts";
import { Dispatcher } from "../../packages/server/src/network/dispatch/dispatcher.ts";
import type { DispatchNode } from "../../packages/server/src/network/dispatch/node-usage.ts";
import { loadGeoip } from "../../packages/server/src/platform/geoip/geoip.ts";
import { openLog } from "../../packages/server/src/platform/log.ts";
import { mulberry32 } from "../../packages/server/src/platform/mulberry32.ts";
import { round, type Table } from "../report/table.ts";
import type { BenchOptions } from "./options.ts";

const NODES = 500;
const CARRIERS = ["telecom", "unicom", "mobile", "education"];
const REGIONS = ["beijing", "guangdong", "shanghai", "sichuan", "henan"];
const COSTS = { otherCarrier: 60, otherRegion: 20, pairs: [] };

export async function benchDispatch(options: BenchOptions): Promise<Table> {
  const count = options.quick ? 100_000 : 500_000;
  const random = mulberry32(1);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const fleet = Array.from(
    { length: NODES },
    (_, i): DispatchNode => ({
      id: `n${i}`,
      region: pick(REGIONS),
      carriers: [pick(CARRIERS)],
      roles: ["edge"],
      state: "up",
      http: "",
      rtmp: "",
      capacityMbps: 10_000,
      usedMbps: 0,
      maxConnections: 50_000,
      connections: 0,
      links: [],
    }),
  );
  const none = { geoip: { networks: [], files: [] }, dispatch: { networks: [], carriers: {} } };
  const addresses = await loadGeoip(none, openLog("silent"));
  const places = new ClientLocator({ networks: [], regions: {} }, addresses.locationOf);
  const rows: [string, number, number, number][] = [];
  for (const [what, streams, known] of [
    ["one stream, known addresses", 1, true],
    ["10 000 streams, known addresses", 10_000, true],
    ["10 000 streams, each request from a new address", 10_000, false],
  ] as const) {
    let clock = 0;
    const dispatcher = new Dispatcher(
      () => COSTS,
      () => clock,
    );
    const took = new Float64Array(count);
    const address = (i: number) => {
      const n = known ? i % 20_000 : i;
      return `${36 + (n % 80)}.${(n >> 8) & 255}.${(n >> 3) & 255}.${n & 255}`;
    };
    const begun = process.cpuUsage();
    for (let i = 0; i < count; i++) {
      // One heartbeat for every 20 000 decisions, the target for one second.
      if (i % 20_000 === 0) {
        clock += 1000;
        dispatcher.update(
          fleet.map((node) => ({ ...node, usedMbps: random() * 9000, connections: Math.floor(random() * 40_000) })),
        );
      }
      const at = process.hrtime.bigint();
      dispatcher.choose({ stream: `live/s${i % streams}`, mbps: 1.5, connections: 1, location: places.of(address(i)), to: "play" });
      took[i] = Number(process.hrtime.bigint() - at) / 1e6;
    }
    const { user, system } = process.cpuUsage(begun);
    took.sort();
    rows.push([
      what,
      round(count / ((user + system) / 1e6), 0),
      round(took[count >> 1] ?? 0, 4),
      round(took[Math.floor(count * 0.99)] ?? 0, 4),
    ]);
  }
  return {
    title: `Dispatch with ${NODES} nodes`,
    columns: ["what", "decisions a second of one core", "median ms", "p99 ms"],
    rows,
    notes: ["The target is 20 000 a second, and 2 ms."],
  };
}
