/** Measures how full the machine is, every few seconds while somebody asks each second: the share of its processors and of its memory that is used. */
import { type MachineReading, machineBetween, readMachine } from "../../operations/samples/machine.ts";
import type { MachineLoad } from "../ipc/degradation-handlers.ts";

/** Shorter times say little about processors. */
const READ_MS = 3000;
const UNKNOWN: MachineLoad = { processorPercent: 0, memoryPercent: 0 };

export class MachineLoadMeter {
  private readonly dataDir: string;
  private reading: MachineReading | null = null;
  private isReading = false;
  private latest = UNKNOWN;

  constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  /** What was measured last. @param isWanted false: nobody needs it, and nothing is measured */
  take(isWanted: boolean): MachineLoad {
    if (!isWanted) return UNKNOWN;
    if (!this.isReading && performance.now() - (this.reading?.at ?? Number.NEGATIVE_INFINITY) >= READ_MS) void this.read();
    return this.latest;
  }

  private async read(): Promise<void> {
    this.isReading = true;
    const before = this.reading;
    const now = await readMachine(this.dataDir).catch(() => null);
    this.isReading = false;
    if (!now) return;
    this.reading = now;
    if (!before) return;
    const { cpu, cores, memory } = machineBetween(before, now);
    const share = (part: number, of: number) => (of > 0 ? Math.min(100, (part / of) * 100) : 0);
    this.latest = {
      processorPercent: share(cpu, cores),
      memoryPercent: share(memory.usedBytes, memory.totalBytes),
    };
  }
}
