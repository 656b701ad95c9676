/** Measures a server while small lessons come and go: its processes, and what of the lessons it still has. */
import type { Lectern } from "../../e2e/lectern.ts";
import { HeapProbe } from "../testbed/heap-probe.ts";
import { type ProcessFigures, processFigures } from "../testbed/process-figures.ts";
import { socketFigures } from "../testbed/socket-figures.ts";
import type { ProcessSample } from "./small-lessons-judgement.ts";

/** What has to be nothing after the end. */
export type Open = { readonly sessions: number; readonly halfOpen: number; readonly streams: number; readonly members: number };

/** Programs that the server runs for a while, such as encoders, are left out. */
const OWN_PROCESSES = /^(?:supervisor|control|media-\d+)$/;

export class ServerWatch {
  private readonly server: Lectern;
  private readonly probes = new Map<number, HeapProbe>();
  private readonly most = new Map<string, number>();

  /** @param server was started with `PROBED_ENV` */
  constructor(server: Lectern) {
    this.server = server;
  }

  /** The most memory that each process has had so far, with its garbage: megabytes. */
  get mostRssMb(): ReadonlyMap<string, number> {
    return this.most;
  }

  /** The processes, after each has collected its garbage. */
  async processes(): Promise<ProcessSample[]> {
    const samples: ProcessSample[] = [];
    for (const { name, pid, rssMb } of this.figures()) {
      this.most.set(name, Math.max(rssMb, this.most.get(name) ?? 0));
      // A process that ends meanwhile is missing.
      const retainedMb = await this.retainedMb(pid).catch(() => null);
      const after = this.figures().find((one) => one.pid === pid);
      if (retainedMb === null || !after) continue;
      samples.push({ name, pid, retainedMb, rssMb: after.rssMb, descriptors: after.descriptors, ...socketFigures(pid) });
    }
    return samples;
  }

  async open(): Promise<Open> {
    const text = await (await this.server.api("/metrics")).text();
    const sum = (name: string) =>
      [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].reduce((all, [, value]) => all + Number(value), 0);
    return {
      sessions: sum("lectern_webrtc_sessions"),
      halfOpen: sum("lectern_webrtc_half_open"),
      streams: sum("lectern_streams"),
      members: sum("lectern_room_members"),
    };
  }

  close(): void {
    for (const probe of this.probes.values()) probe.close();
  }

  private figures(): ProcessFigures[] {
    return processFigures(this.server.process.pid ?? 0).filter(({ name }) => OWN_PROCESSES.test(name));
  }

  private async retainedMb(pid: number): Promise<number> {
    const probe = this.probes.get(pid) ?? (await HeapProbe.open(pid, this.server.said));
    this.probes.set(pid, probe);
    return await probe.retainedMb();
  }
}
