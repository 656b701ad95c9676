/** Runs `lectern config show`: the configuration in force, of the running server or else of the files, with secrets covered. */
import { stringify } from "yaml";
import { coveredConfig } from "../../platform/config/covered-config.ts";
import { type ConfigSources, loadConfig } from "../../platform/config/load.ts";
import { callServer } from "../ipc/admin-socket.ts";

export async function showConfig(sources: ConfigSources, json: boolean): Promise<number> {
  const config = loadConfig(sources);
  const running = await callServer(config.dataDir, "config", {});
  if (!running) process.stderr.write(`lectern: no server runs with ${config.dataDir}; this is what one would use\n`);
  const shown = running ?? coveredConfig(config);
  process.stdout.write(json ? `${JSON.stringify(shown, null, 2)}\n` : stringify(shown));
  return 0;
}
