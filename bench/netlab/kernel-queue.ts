/** Provides the line of a home behind a router: the kernel's own rate limit and packet queue (HTB, pfifo) on a device of a lab host. Needs root and `tc`. */
import { execFileSync } from "node:child_process";
import type { LabHost } from "./network-lab.ts";

/** tc-htb(8): what one may send at once; less than a packet would let none through. */
const BURST_BYTES = 4096;

export class KernelQueue {
  private readonly inHost: readonly string[];
  private readonly device: string;

  /** @param packets that wait at most; the kernel drops what exceeds them */
  constructor({ namespace }: LabHost, device: string, kbps: number, packets: number) {
    this.inHost = ["netns", "exec", namespace, "tc"];
    this.device = device;
    this.tc("qdisc", "add", "root", "handle", "1:", "htb", "default", "1");
    this.setClass("add", kbps);
    this.tc("qdisc", "add", "parent", "1:1", "handle", "10:", "pfifo", "limit", `${packets}`);
  }

  /** Changes the rate; what waits goes on waiting. */
  setRate(kbps: number): void {
    this.setClass("change", kbps);
  }

  private setClass(verb: "add" | "change", kbps: number): void {
    const rate = ["rate", `${kbps}kbit`, "burst", `${BURST_BYTES}`, "cburst", `${BURST_BYTES}`];
    this.tc("class", verb, "parent", "1:", "classid", "1:1", "htb", ...rate);
  }

  private tc(kind: string, verb: string, ...words: readonly string[]): void {
    execFileSync("ip", [...this.inHost, kind, verb, "dev", this.device, ...words], { stdio: ["ignore", "ignore", "inherit"] });
  }
}
