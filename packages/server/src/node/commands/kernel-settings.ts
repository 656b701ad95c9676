/** Kernel settings that a busy server wants, and why: docs/operations.md. A person's system is never changed without being asked. */

export type KernelSetting = {
  readonly name: string;
  readonly wanted: string;
  /** Whether what is set is good enough. */
  readonly isFine: (value: string) => boolean;
  readonly why: string;
};

const atLeast = (least: number) => (value: string) => Number(value.split(/\s+/).at(-1)) >= least;

export const KERNEL_SETTINGS: readonly KernelSetting[] = [
  {
    name: "net.ipv4.tcp_notsent_lowat",
    wanted: "131072",
    isFine: (value) => Number(value) <= 1024 * 1024,
    why: "shows a viewer that has stopped reading after 2 s instead of 30 s",
  },
  {
    name: "net.ipv4.tcp_congestion_control",
    wanted: "bbr",
    isFine: (value) => value === "bbr",
    why: "carries a lesson over a line that loses packets",
  },
  {
    name: "net.ipv4.tcp_slow_start_after_idle",
    wanted: "0",
    isFine: (value) => value === "0",
    why: "a viewer's connection does not start slowly again after each pause between batches",
  },
  { name: "net.core.somaxconn", wanted: "4096", isFine: atLeast(4096), why: "a whole school can join within a second" },
  { name: "fs.file-max", wanted: "1000000", isFine: atLeast(100_000), why: "each viewer is an open file" },
];

/** Where the kernel shows it. */
export function settingPath(name: string): string {
  return `/proc/sys/${name.replaceAll(".", "/")}`;
}
