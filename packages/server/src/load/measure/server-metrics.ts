/** Reads from a server's page of metrics (Prometheus, text) what its processes and its machine use. */
import type { ProcessUse, ServerSample } from "./result.ts";

/** A busy server answers late, and that is when its figures are wanted. */
const WITHIN_MS = 10_000;
const LINE = /^([a-z_]+)(?:\{([^}]*)\})? ([-+\d.eE]+)$/;

type Reading = { readonly at: number; readonly sentBytes: number };

export class ServerMetrics {
  private readonly url: URL;
  private readonly token: string | null;
  private before: Reading | null = null;
  /** Why the last look failed; null: it did not. */
  problem: string | null = null;

  /** @param token the operator's, where the page is not open to this machine; null: none */
  constructor(url: URL, token: string | null) {
    this.url = url;
    this.token = token;
  }

  /** Null: the page cannot be read. */
  async read(): Promise<ServerSample | null> {
    try {
      const headers = this.token === null ? {} : { authorization: `Bearer ${this.token}` };
      const response = await fetch(this.url, { headers, signal: AbortSignal.timeout(WITHIN_MS) });
      const text = await response.text();
      this.problem = response.ok ? null : `HTTP ${response.status}`;
      return response.ok ? this.sampleOf(text) : null;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      return null;
    }
  }

  private sampleOf(text: string): ServerSample {
    const { processes, values, sums } = readMetrics(text);
    const sentBytes = sums.get("lectern_sent_bytes_total") ?? 0;
    const now = performance.now();
    const { before } = this;
    this.before = { at: now, sentBytes };
    return {
      server: this.url.host,
      processes,
      machineCoresUsed: values.get("lectern_machine_cores_used") ?? null,
      machineCores: values.get("lectern_machine_cores") ?? null,
      viewers: sums.get("lectern_viewers") ?? null,
      sentMbps: before ? Math.round(((sentBytes - before.sentBytes) * 8) / 10 / (now - before.at)) / 100 : null,
    };
  }
}

export function readMetrics(text: string): {
  readonly processes: Record<string, ProcessUse>;
  readonly values: ReadonlyMap<string, number>;
  /** Of all labels. */
  readonly sums: ReadonlyMap<string, number>;
} {
  const processes: Record<string, ProcessUse> = {};
  const values = new Map<string, number>();
  const sums = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, name = "", labels = "", figure] = LINE.exec(line) ?? [];
    if (figure === undefined) continue;
    const value = Number(figure);
    sums.set(name, (sums.get(name) ?? 0) + value);
    if (labels === "") values.set(name, value);
    const process = /process="([^"]*)"/.exec(labels)?.[1];
    if (process === undefined) continue;
    const known = processes[process] ?? { cores: 0, memoryBytes: 0 };
    if (name === "lectern_process_cores_used") processes[process] = { ...known, cores: value };
    if (name === "lectern_process_memory_bytes") processes[process] = { ...known, memoryBytes: value };
  }
  return { processes, values, sums };
}
