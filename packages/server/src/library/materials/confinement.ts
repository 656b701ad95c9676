/**
 * Closes a program off without namespaces, for containers, whose system calls for namespaces are refused: a filter of system calls (seccomp(2)) that leaves
 * no network, no signals and no way out of the process group, and rules of files (landlock(7)) that leave the programs and the job's folder. Both
 * hold for everything that the program starts.
 */
import { FAMILY_UNIX, type FilterRule, SOCKET_STREAM, systemCallFilter } from "./system-call-filter.ts";

/** <linux/landlock.h>: what a rule of files allows. */
const ACCESS = { execute: 1, writeFile: 2, readFile: 4, readDir: 8, makeChar: 1 << 6, makeBlock: 1 << 11 } as const;
const READ = ACCESS.readFile | ACCESS.readDir;
const READ_AND_RUN = READ | ACCESS.execute;
/** Everything that the kernel knows but devices and programs. */
const WRITE = 0xffff & ~(ACCESS.makeChar | ACCESS.makeBlock | ACCESS.execute);
/** access(2). */
const MAY_WRITE = 2;
const PROGRAM_FOLDERS = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
const DEVICES = ["/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"];

/** System calls that reach other processes, other file systems or the kernel's further doors. */
const REFUSED = [
  "connect",
  "unshare",
  "setns",
  "mount",
  "umount2",
  "pivot_root",
  "chroot",
  "ptrace",
  "process_vm_readv",
  "process_vm_writev",
  "process_madvise",
  "pidfd_open",
  "pidfd_getfd",
  "pidfd_send_signal",
  "kcmp",
  "bpf",
  "perf_event_open",
  "userfaultfd",
  "keyctl",
  "add_key",
  "request_key",
  "open_by_handle_at",
  // A ring makes connections without a system call for each.
  "io_uring_setup",
  "shmget",
  "msgget",
  "semget",
  "mq_open",
  "tkill",
  "tgkill",
  "rt_sigqueueinfo",
  "rt_tgsigqueueinfo",
  // Rules of files do not cover these, or not on older kernels, and the server's own files belong to the same user.
  "truncate",
  "chmod",
  "fchmodat",
  "fchmodat2",
  "chown",
  "lchown",
  "fchownat",
  "utime",
  "utimes",
  "futimesat",
  "setxattr",
  "lsetxattr",
  "setxattrat",
  "removexattr",
  "lremovexattr",
  "removexattrat",
  "migrate_pages",
  "move_pages",
  // The job's process group is killed as a whole.
  "setsid",
  "setpgid",
] as const;

/** A process may change itself, which is 0, and no other of the same user. */
const OWN_ALONE = [
  { call: "kill", argument: 0 },
  { call: "prlimit64", argument: 0 },
  { call: "sched_setaffinity", argument: 0 },
  { call: "sched_setscheduler", argument: 0 },
  { call: "sched_setparam", argument: 0 },
  { call: "sched_setattr", argument: 0 },
  { call: "setpriority", argument: 1 },
  { call: "ioprio_set", argument: 1 },
] as const;

const RULES: readonly FilterRule[] = [
  ...REFUSED.map((call) => ({ call })),
  // LibreOffice waits at a local socket for a second instance of itself; it connects to none.
  {
    call: "socket",
    unless: [
      { argument: 0, equals: FAMILY_UNIX },
      { argument: 1, mask: 0xf, equals: SOCKET_STREAM },
    ],
  },
  // It makes that socket in /tmp where that looks writable, and else where it is told to.
  { call: "access", unless: [{ argument: process.arch === "arm64" ? 2 : 1, mask: MAY_WRITE, equals: 0 }] },
  // Of a file that is open, which has no path; those of others belong to the same user.
  { call: "utimensat", unless: [{ argument: 1, equals: 0 }] },
  ...OWN_ALONE.map(({ call, argument }) => ({ call, unless: [{ argument, equals: 0 }] })),
  { call: "clone", unless: [{ argument: 0, mask: 0x7e020000, equals: 0 }] },
  // Its arguments cannot be seen. glibc takes clone where this one is not there.
  { call: "clone3", isMissing: true },
];

/**
 * Arguments: the system calls' numbers, the filter, and the rules of files, then the program and its arguments. Perl is part of each Debian and Ubuntu, and
 * can make any system call.
 */
const SCRIPT = `
my ($numbers, $filter, $rules) = splice @ARGV, 0, 3;
my ($prctl, $seccomp, $openat) = map { 0 + $_ } split /,/, $numbers;
sub call { my ($what, $number, @rest) = @_; my $result = syscall($number, @rest); die "$what: $!\\n" if $result < 0; return $result }
call("no_new_privs", $prctl, 38, 1, 0, 0, 0);
my $version = call("landlock", 444, 0, 0, 1);
my $known = $version < 2 ? 0x1fff : $version < 3 ? 0x3fff : $version < 5 ? 0x7fff : 0xffff;
my $handled = $version < 6 ? pack("Q", $known) : pack("QQQ", $known, 0, 3);
my $ruleset = call("ruleset", 444, $handled, length $handled, 0);
for (split /\\n/, $rules) {
  my ($access, $path) = split / /, $_, 2;
  next unless -e $path;
  my $file = call($path, $openat, -100, my $name = "$path\\0", 0x280000, 0);
  my $rule = pack("Ql", $access & $known & (-d $path ? 0xffff : 0xc007), $file);
  call($path, 445, $ruleset, 1, $rule, 0);
  open(my $handle, "<&=", $file) and close $handle;
}
call("files", 446, $ruleset, 0);
my $bytes = pack "H*", $filter;
my $program = pack "S x6 P", length($bytes) / 8, $bytes;
call("filter", $seccomp, 1, 0, $program);
exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\\n";
`;

/**
 * The command that runs another one closed off; it fails where the kernel has no such filters, or this processor's system calls are not known.
 * @param programs further folders with programs; @param settings files of the system that programs read; @param folder the job's
 */
export function confinedCommand(
  programs: readonly string[],
  settings: readonly string[],
  folder: string,
  command: readonly string[],
): readonly string[] {
  const files = [
    ...[...PROGRAM_FOLDERS, ...programs].map((path) => ({ access: READ_AND_RUN, path })),
    ...settings.map((path) => ({ access: READ, path })),
    ...DEVICES.map((path) => ({ access: ACCESS.readFile | ACCESS.writeFile, path })),
    { access: WRITE, path: folder },
  ];
  return filteredCommand(RULES, files, command);
}

type FileRule = { readonly access: number; readonly path: string };

/** The command that runs another one under these rules: files that none names cannot be opened. */
export function filteredCommand(
  rules: readonly FilterRule[],
  files: readonly FileRule[],
  command: readonly string[],
): readonly string[] {
  const filter = systemCallFilter(rules);
  if (filter === null) return ["false"];
  const lines = files.map(({ access, path }) => `${access} ${path}`).join("\n");
  return ["perl", "-e", SCRIPT, filter.numbers.join(","), filter.bytes.toString("hex"), lines, ...command];
}
