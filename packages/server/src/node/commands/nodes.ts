/** Runs `lectern nodes`: prints the nodes of this server's cluster. */
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { callServer } from "../ipc/admin-socket.ts";
import { writeTable } from "./table.ts";

export async function nodes(sources: ConfigSources, json: boolean): Promise<number> {
  const { dataDir } = loadConfig(sources);
  const found = await callServer(dataDir, "nodes", {});
  if (!found) {
    process.stderr.write(`lectern: no server runs with ${dataDir}\n`);
    return 1;
  }
  if (json) {
    process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    return 0;
  }
  const rows = found.map((node) => [
    node.id,
    node.state,
    node.roles.join(",") || "all",
    node.region || "-",
    node.carriers.join(",") || "-",
    `${node.usedMbps} of ${node.capacityMbps}`,
    String(node.connections),
    node.version,
    node.http,
  ]);
  writeTable([["NODE", "STATE", "ROLES", "REGION", "CARRIERS", "MBPS", "CONNECTIONS", "VERSION", "ADDRESS"], ...rows]);
  return 0;
}
