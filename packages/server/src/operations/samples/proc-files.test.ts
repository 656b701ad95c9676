import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cgroupCores,
  cpuTimes,
  memoryOf,
  networkBytes,
  openFilesLimit,
  processMemory,
  processSeconds,
  tcpSegments,
} from "./proc-files.ts";

/** Of a machine with Linux 6.18. */
const STAT =
  "cpu  2389877 89467 753631 3813579 11616 0 32710 128748 0 0\ncpu0 1194938 44733 376815 1906789 5808 0 16355 64374 0 0\n";
const MEMINFO = "MemTotal:       24684092 kB\nMemFree:        21653468 kB\nMemAvailable:   23361192 kB\n";
const SNMP = `Ip: Forwarding DefaultTTL\nIp: 1 64
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors
Tcp: 1 200 120000 -1 391566 376242 15196 101150 20 48535162 48510654 28827 0 89759 0\n`;
const NETSTAT = `IpExt: InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets
IpExt: 0 0 964 964 0 0 155277711153 152810315247\n`;
const SNMP6 =
  "Ip6InOctets                     \t4584\nIp6OutOctets                    \t19752\nIp6InMcastOctets                \t0\n";
const DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 152804934814 48504085    0    0    0     0          0         0 152804934814 48504085    0    0    0     0       0          0
  eth0: 2474047461   89311    0    0    0     0          0         0  8905879   71439    0    0    0     0       0          0\n`;
const PROCESS = "26018 (a ) R (cat) R 26009 26009 10984 0 -1 4194304 99 0 0 0 150 50 0 0 20 0 1 0 3605322 3133440 382 1844 9446\n";
const STATUS = "Name:\tnode\nVmPeak:\t 1048576 kB\nVmRSS:\t  123888 kB\n";
const LIMITS =
  "Limit                     Soft Limit           Hard Limit           Units     \nMax open files            20000                20000                files     \n";

test("processor time is what the machine used, what was taken from it, and all", () => {
  const { busy, stolen, total } = cpuTimes(STAT);
  assert.deepEqual([Math.round(busy), Math.round(stolen), Math.round(total)], [32_657, 1287, 72_196]);
});

test("memory that the kernel can give back counts as free", () => {
  assert.deepEqual(memoryOf(MEMINFO), { usedBytes: (24_684_092 - 23_361_192) * 1024, totalBytes: 24_684_092 * 1024 });
});

test("the network's bytes are those of other machines, of both protocols", () => {
  const { received, sent } = networkBytes({ netstat: NETSTAT, snmp6: SNMP6, dev: DEV });
  assert.deepEqual([received, sent], [2_472_780_923, 5_400_185]);
  assert.deepEqual(tcpSegments(SNMP), { sent: 48_510_654, retransmitted: 28_827 });
});

test("a process's figures are found behind any name", () => {
  assert.equal(processSeconds(PROCESS), 2);
  assert.equal(processMemory(STATUS), 123_888 * 1024);
  assert.equal(openFilesLimit(LIMITS), 20_000);
});

test("a container's limit is in cores", () => {
  assert.deepEqual(["150000 100000\n", "max 100000\n", "", "rubbish"].map(cgroupCores), [1.5, null, null, null]);
});

test("files that end early, or are another system's, give finite numbers", () => {
  const readers: readonly ((text: string) => unknown)[] = [
    cpuTimes,
    memoryOf,
    tcpSegments,
    processSeconds,
    processMemory,
    openFilesLimit,
    cgroupCores,
    (text) => networkBytes({ netstat: text, snmp6: text, dev: text }),
  ];
  for (const file of [STAT, MEMINFO, SNMP, NETSTAT, SNMP6, DEV, PROCESS, STATUS, LIMITS])
    for (let length = 0; length <= file.length; length++)
      for (const read of readers) {
        const found = read(file.slice(0, length));
        const numbers = typeof found === "object" && found !== null ? Object.values(found) : [found ?? 0];
        for (const number of numbers)
          assert.ok(Number.isFinite(number) && number >= 0, `${read.name} of ${length} characters: ${number}`);
      }
});
