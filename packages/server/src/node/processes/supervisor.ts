/**
 * Starts and restarts the processes of a node, and passes messages on between them and other nodes. Its only state of its own is the registry of
 * stream writers: a process with little code rarely fails.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../platform/config/schema.ts";
import { takePort } from "../../platform/listen.ts";
import type { Logger } from "../../platform/log.ts";
import { takeUdpPort, takeUdpPorts } from "../../platform/udp-ports.ts";
import type { DemoSchool } from "../../school/school.ts";
import type { Drained } from "../ipc/process-start.ts";
import { keepPlayer } from "../web/player-folders.ts";
import { workerCount } from "../worker-count.ts";
import { ChildProcesses } from "./child-processes.ts";
import { SupervisorParts } from "./supervisor-parts.ts";

export type SupervisorOptions = {
  readonly config: Config;
  readonly log: Logger;
  readonly adminToken: string | null;
  /** The first operator's password; null: a password is generated. */
  readonly adminPassword: string | null;
  /** The folder of the built pages. */
  readonly pages: string;
  /** Shows the generated password of the first operator. */
  readonly onFirstPassword: (password: string) => void;
  /** Called when the demonstration school exists, again after each restart of the control process; null: no demonstration. */
  readonly onDemo: ((school: DemoSchool) => void) | null;
  /** Another node of the cluster has this one's name. */
  readonly onNameTaken: () => void;
  /** A control node that was there before uses another database than this one. */
  readonly onForeignDatabase: (node: string) => void;
};

export type Supervisor = {
  readonly httpPort: number;
  readonly rtmpPort: number;
  /** Applies the settings that can change while running. */
  readonly reload: (config: Config) => void;
  /** Admits no new clients, closes the others, and ends all processes. Returns how many clients there were. */
  readonly drain: () => Promise<Drained>;
};

export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  let { config } = options;
  const ports = await takePorts(config, options.log);
  const directory = mkdtempSync(join(tmpdir(), "lectern-"));
  try {
    keepPlayer(options.pages, join(config.dataDir, "player"));
  } catch (error) {
    // A full disk takes nothing from the version that is here.
    options.log.warn({ error: String(error) }, "player version not kept for embedding pages");
  }
  const node = new SupervisorParts({ ...options, config: () => config, ports });
  const processes = new ChildProcesses({ ...options, config: () => config, ports, directory, node });
  await node.policies.open();
  node.degradation.takeSwitches(node.policies.known?.snapshot.degradations ?? []);
  node.poll();
  const stop = () => {
    processes.kill();
    rmSync(directory, { recursive: true, force: true });
  };
  process.on("exit", stop);
  try {
    await processes.started();
    await node.cluster.start();
  } catch (error) {
    stop();
    throw error;
  }
  return {
    httpPort: ports.http,
    rtmpPort: ports.rtmp,
    reload: (next) => {
      config = next;
      processes.reload(next);
    },
    drain: async () => {
      const drained = await processes.drain();
      await node.close();
      return drained;
    },
  };
}

async function takePorts(config: Config, log: Logger): Promise<{ http: number; rtmp: number; webRtc: number; relay: number[] }> {
  const { http, rtmp, srt, webrtc, gb28181 } = config;
  const udp = await takeUdpPorts(webrtc.port, workerCount(config));
  if (udp.areOthers) log.warn({ wanted: webrtc.port, port: udp.first }, "UDP port in use, WebRTC takes another one");
  const ports = {
    http: await takePort(http.host, http.port),
    rtmp: await takePort(rtmp.host, rtmp.port),
    webRtc: udp.first,
    relay: [],
  };
  if (gb28181.port > 0) await takePort(http.host, gb28181.port);
  if (srt.port !== 0) await takeUdpPort(srt.port);
  if (http.tls) await takePort(http.host, http.tls.port);
  if (rtmp.tls) await takePort(rtmp.host, rtmp.tls.port);
  return ports;
}
