/** Provides recommended kernel settings and their reasons: docs/operations.md. Only `lectern doctor --apply` changes them. */

export type KernelSetting = {
  readonly name: string;
  readonly wanted: string;
  /** Whether a value is good enough. */
  readonly isFine: (value: string) => boolean;
  readonly why: string;
};

const atLeast = (least: number) => (value: string) => Number(value.split(/\s+/).at(-1)) >= least;

/** What sockets of UDP ask for, of which the kernel grants no more than `net.core.rmem_max`. Cameras of GB/T 28181 ask for most. */
const SOCKET_BYTES = 2 * 1024 * 1024;

export const KERNEL_SETTINGS: readonly KernelSetting[] = [
  {
    name: "net.ipv4.tcp_notsent_lowat",
    wanted: "131072",
    isFine: (value) => Number(value) <= 1024 * 1024,
    why: "detects a viewer that stopped reading after 2 s instead of 30 s",
  },
  {
    name: "net.ipv4.tcp_congestion_control",
    wanted: "bbr",
    isFine: (value) => value === "bbr",
    why: "keeps throughput on lines that lose packets",
  },
  {
    name: "net.ipv4.tcp_slow_start_after_idle",
    wanted: "0",
    isFine: (value) => value === "0",
    why: "keeps the congestion window between the batches of a viewer",
  },
  { name: "net.core.somaxconn", wanted: "4096", isFine: atLeast(4096), why: "lets a whole school join within a second" },
  {
    name: "net.core.rmem_max",
    wanted: "4194304",
    isFine: atLeast(SOCKET_BYTES),
    why: "holds the packets of SRT and of cameras while the server is busy",
  },
  { name: "fs.file-max", wanted: "1000000", isFine: atLeast(100_000), why: "each viewer is an open file" },
];

/** The setting's file in procfs. */
export function settingPath(name: string): string {
  return `/proc/sys/${name.replaceAll(".", "/")}`;
}
