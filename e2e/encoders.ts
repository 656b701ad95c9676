/** Finds the programs that encode, among all that a server has started. */
import { readFileSync } from "node:fs";
import { childrenOf } from "./lectern.ts";

/** The encoders that a program and those below it have started. @param pid undefined: none */
export function encodersOf(pid: number | undefined): number[] {
  const all = (of: number): number[] => [of, ...childrenOf(of).flatMap(all)];
  return pid === undefined ? [] : all(pid).filter(isEncoder);
}

/** Whether a process is an encoder that runs. */
export function isEncoder(pid: number): boolean {
  return commandOf(pid).startsWith("ffmpeg");
}

/** The command line of a process; empty when it is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
