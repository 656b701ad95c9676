/** Writes filters of system calls: classic BPF programs for seccomp(2), for x86-64 and arm64. What no rule names is allowed. */

/** The numbers of system calls: on x86-64, and on arm64 (asm-generic/unistd.h); null: it has none of this name. */
const NUMBERS = {
  // faccessat on arm64, whose mode is the third argument.
  access: [21, 48],
  socket: [41, 198],
  connect: [42, 203],
  clone: [56, 220],
  kill: [62, 129],
  semget: [64, 190],
  msgget: [68, 186],
  shmget: [29, 194],
  ptrace: [101, 117],
  setpgid: [109, 154],
  setsid: [112, 157],
  rt_sigqueueinfo: [129, 138],
  pivot_root: [155, 41],
  prctl: [157, 167],
  chroot: [161, 51],
  mount: [165, 40],
  umount2: [166, 39],
  tkill: [200, 130],
  tgkill: [234, 131],
  mq_open: [240, 180],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  openat: [257, 56],
  unshare: [272, 97],
  rt_tgsigqueueinfo: [297, 240],
  perf_event_open: [298, 241],
  prlimit64: [302, 261],
  open_by_handle_at: [304, 265],
  setns: [308, 268],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  seccomp: [317, 277],
  bpf: [321, 280],
  userfaultfd: [323, 282],
  pidfd_send_signal: [424, 424],
  io_uring_setup: [425, 425],
  pidfd_open: [434, 434],
  clone3: [435, 435],
  pidfd_getfd: [438, 438],
  process_madvise: [440, 440],
  truncate: [76, 45],
  chmod: [90, null],
  chown: [92, null],
  lchown: [94, null],
  utime: [132, null],
  setpriority: [141, 140],
  sched_setparam: [142, 118],
  sched_setscheduler: [144, 119],
  setxattr: [188, 5],
  lsetxattr: [189, 6],
  removexattr: [197, 14],
  lremovexattr: [198, 15],
  sched_setaffinity: [203, 122],
  utimes: [235, null],
  ioprio_set: [251, 30],
  migrate_pages: [256, 238],
  fchownat: [260, 54],
  futimesat: [261, null],
  fchmodat: [268, 53],
  move_pages: [279, 239],
  utimensat: [280, 88],
  sched_setattr: [314, 274],
  fchmodat2: [452, 452],
  setxattrat: [463, 463],
  removexattrat: [466, 466],
} as const satisfies Record<string, readonly [number, number | null]>;
export type SystemCall = keyof typeof NUMBERS;

export const FAMILY_UNIX = 1;
export const SOCKET_STREAM = 1;

export type FilterRule = {
  readonly call: SystemCall;
  /** The call is allowed where all of these hold of its arguments. Default: never. */
  readonly unless?: readonly { readonly argument: number; readonly mask?: number; readonly equals: number }[];
  /** The call fails as on a kernel that does not have it, so that programs take another one. */
  readonly isMissing?: boolean;
};

/** <linux/audit.h>, by the column of `NUMBERS`. */
const ARCHITECTURES = { x64: { column: 0, audit: 0xc000003e }, arm64: { column: 1, audit: 0xc00000b7 } } as const;
/** Of x86-64: system calls for programs with short pointers, which have numbers of their own. */
const X32 = 0x40000000;
const [LOAD, EQUAL, AT_LEAST, AND, RETURN] = [0x20, 0x15, 0x35, 0x54, 0x06];
/** struct seccomp_data: the number, the architecture, then eight bytes for each argument; both processors have the low half first. */
const [NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT] = [0, 4, 16];
const [ALLOW, KILL, FAIL] = [0x7fff0000, 0x80000000, 0x00050000];
const [EPERM, ENOSYS] = [1, 38];

type Filter = {
  /** Of prctl, seccomp and openat, which install it. */
  readonly numbers: readonly [prctl: number, seccomp: number, openat: number];
  /** struct sock_filter, one after the other. */
  readonly bytes: Buffer;
};

/** Null: the numbers for this processor are not known. */
export function systemCallFilter(rules: readonly FilterRule[], processor: string = process.arch): Filter | null {
  if (processor !== "x64" && processor !== "arm64") return null;
  const { column, audit } = ARCHITECTURES[processor];
  const numberOf = (call: SystemCall): number | null => NUMBERS[call][column];
  const program = [
    instruction(LOAD, ARCHITECTURE_AT),
    instruction(EQUAL, audit, 1, 0),
    instruction(RETURN, KILL),
    instruction(LOAD, NUMBER_AT),
    ...(processor === "x64" ? [instruction(AT_LEAST, X32, 0, 1), instruction(RETURN, FAIL | EPERM)] : []),
    ...rules.flatMap((rule) => {
      const steps = ruleSteps(rule);
      const number = numberOf(rule.call);
      return number === null ? [] : [instruction(EQUAL, number, 0, steps.length), ...steps];
    }),
    instruction(RETURN, ALLOW),
  ];
  const numbers = [NUMBERS.prctl[column], NUMBERS.seccomp[column], NUMBERS.openat[column]] as const;
  return { numbers, bytes: Buffer.concat(program) };
}

/** What happens to a call with the rule's number: it ends in an answer in any case. */
function ruleSteps({ unless = [], isMissing = false }: FilterRule): readonly Buffer[] {
  const refuse = instruction(RETURN, FAIL | (isMissing ? ENOSYS : EPERM));
  if (unless.length === 0) return [refuse];
  const tests = unless.flatMap(({ argument, mask, equals }) => [
    instruction(LOAD, ARGUMENTS_AT + 8 * argument),
    ...(mask === undefined ? [] : [instruction(AND, mask)]),
    instruction(EQUAL, equals, 1, 0),
    refuse,
  ]);
  return [...tests, instruction(RETURN, ALLOW)];
}

/** @param whenTrue instructions that are left out where a comparison holds, and where it does not */
function instruction(code: number, value: number, whenTrue = 0, otherwise = 0): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(whenTrue, 2);
  bytes.writeUInt8(otherwise, 3);
  bytes.writeUInt32LE(value >>> 0, 4);
  return bytes;
}
