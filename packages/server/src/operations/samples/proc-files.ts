/** Reads Linux' files of counters: proc(5), and the cgroup's (version 2). Each function takes a file's text; missing fields count as 0. */

/** Ticks of `/proc/stat` and `/proc/PID/stat` in a second: USER_HZ, which is 100 on every architecture that Node.js runs on. */
const TICKS_A_SECOND = 100;

/** Since the machine's start, in seconds of one processor. */
export type CpuTimes = { readonly busy: number; readonly stolen: number; readonly total: number };

/** The first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal; guests are in user and nice. */
export function cpuTimes(stat: string): CpuTimes {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = numbersAfter(stat, "cpu ");
  const busy = user + nice + system + irq + softirq;
  const total = busy + idle + iowait + steal;
  return { busy: busy / TICKS_A_SECOND, stolen: steal / TICKS_A_SECOND, total: total / TICKS_A_SECOND };
}

/** Of `/proc/meminfo`. What the kernel can give back at once counts as free. */
export function memoryOf(meminfo: string): { readonly usedBytes: number; readonly totalBytes: number } {
  const bytes = (name: string) => (numbersAfter(meminfo, `${name}:`)[0] ?? 0) * 1024;
  const totalBytes = bytes("MemTotal");
  return { usedBytes: Math.max(0, totalBytes - bytes("MemAvailable")), totalBytes };
}

/** Segments that TCP has sent, and sent again, of `/proc/net/snmp`. */
export function tcpSegments(snmp: string): { readonly sent: number; readonly retransmitted: number } {
  const tcp = namedColumns(snmp, "Tcp");
  return { sent: tcp.get("OutSegs") ?? 0, retransmitted: tcp.get("RetransSegs") ?? 0 };
}

export type NetworkBytes = { readonly received: number; readonly sent: number };

/**
 * Bytes of IP packets that came from other machines and went to them: those of the protocols (`/proc/net/netstat`, `/proc/net/snmp6`) without
 * what the loopback carried (`/proc/net/dev`). Interfaces are not added up, because a bridge counts again what its members have counted.
 */
export function networkBytes(files: { readonly netstat: string; readonly snmp6: string; readonly dev: string }): NetworkBytes {
  const four = namedColumns(files.netstat, "IpExt");
  const six = (name: string) => numbersAfter(files.snmp6, name)[0] ?? 0;
  const [loopReceived = 0, , , , , , , , loopSent = 0] = numbersAfter(files.dev, "lo:");
  return {
    received: Math.max(0, (four.get("InOctets") ?? 0) + six("Ip6InOctets") - loopReceived),
    sent: Math.max(0, (four.get("OutOctets") ?? 0) + six("Ip6OutOctets") - loopSent),
  };
}

/** Seconds of processor time, of `/proc/PID/stat`. The program's name in it may have any characters. */
export function processSeconds(stat: string): number {
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map((field) => Number(field) || 0);
  // The state is field 3 of proc(5) and the first one here: utime is 14, stime 15.
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) / TICKS_A_SECOND;
}

/** Bytes of memory in use, of `/proc/PID/status`. */
export function processMemory(status: string): number {
  return (numbersAfter(status, "VmRSS:")[0] ?? 0) * 1024;
}

/** "Max open files" of `/proc/PID/limits`; null: without a limit, or unknown. */
export function openFilesLimit(limits: string): number | null {
  const [, limit] = /Max open files\s+(\d+)/.exec(limits) ?? [];
  return limit === undefined ? null : Number(limit);
}

/** Cores that `cpu.max` of a cgroup allows; null: all. */
export function cgroupCores(max: string): number | null {
  const [quota, period] = max.trim().split(" ").map(Number);
  return quota && period && Number.isFinite(quota) ? quota / period : null;
}

/** Numbers in the line that begins so. */
function numbersAfter(text: string, start: string): number[] {
  const line = text.split("\n").find((each) => each.trimStart().startsWith(start));
  if (line === undefined) return [];
  return line
    .trimStart()
    .slice(start.length)
    .trim()
    .split(/\s+/)
    .map((field) => Number.parseInt(field, 10) || 0);
}

/** Pairs of lines, `Name: FIELD FIELD` and `Name: 1 2`. */
function namedColumns(text: string, name: string): ReadonlyMap<string, number> {
  const [names = "", values = ""] = text.split("\n").filter((line) => line.startsWith(`${name}: `));
  const numbers = values
    .split(" ")
    .slice(1)
    .map((field) => Number(field) || 0);
  return new Map(
    names
      .split(" ")
      .slice(1)
      .map((column, i) => [column, numbers[i] ?? 0]),
  );
}
