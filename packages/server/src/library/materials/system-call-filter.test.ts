/** Filters of system calls, run by a reader of the kernel's filter programs: what they answer on each processor. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FAMILY_UNIX, type FilterRule, SOCKET_STREAM, systemCallFilter } from "./system-call-filter.ts";

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const FAIL = 0x00050000;
const [X64, ARM64, I386] = [0xc000003e, 0xc00000b7, 0x40000003];

const RULES: readonly FilterRule[] = [
  { call: "connect" },
  { call: "clone3", isMissing: true },
  {
    call: "socket",
    unless: [
      { argument: 0, equals: FAMILY_UNIX },
      { argument: 1, mask: 0xf, equals: SOCKET_STREAM },
    ],
  },
];

type Call = { readonly number: number; readonly audit: number; readonly arguments?: readonly number[] };

/** Runs a program of Berkeley Packet Filters, as far as these use them. */
function answer(program: Buffer, { number, audit, arguments: values = [] }: Call): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(audit, 4);
  for (const [i, value] of values.entries()) data.writeUInt32LE(value, 16 + 8 * i);
  let value = 0;
  for (let at = 0; at < program.length; at += 8) {
    const [code, yes, no, operand] = [
      program.readUInt16LE(at),
      program.readUInt8(at + 2),
      program.readUInt8(at + 3),
      program.readUInt32LE(at + 4),
    ];
    if (code === 0x20) value = data.readUInt32LE(operand);
    else if (code === 0x54) value = (value & operand) >>> 0;
    else if (code === 0x15) at += 8 * (value === operand ? yes : no);
    else if (code === 0x35) at += 8 * (value >= operand ? yes : no);
    else if (code === 0x06) return operand;
    else assert.fail(`instruction ${code}`);
  }
  assert.fail("the program does not end");
}

test("on x86-64 and on arm64, calls of the rules are refused, and all others are allowed", () => {
  for (const [processor, audit, numbers] of [
    ["x64", X64, { connect: 42, clone3: 435, socket: 41, read: 0 }],
    ["arm64", ARM64, { connect: 203, clone3: 435, socket: 198, read: 63 }],
  ] as const) {
    const { bytes } = systemCallFilter(RULES, processor)!;
    const of = (number: number, ...values: number[]) => answer(bytes, { number, audit, arguments: values });
    assert.equal(of(numbers.connect), FAIL | 1, processor);
    assert.equal(of(numbers.clone3), FAIL | 38, processor);
    assert.equal(of(numbers.read), ALLOW, processor);
    assert.equal(of(numbers.socket, FAMILY_UNIX, SOCKET_STREAM | 0x80000), ALLOW, processor);
    assert.equal(of(numbers.socket, FAMILY_UNIX, 2), FAIL | 1, processor);
    assert.equal(of(numbers.socket, 2, SOCKET_STREAM), FAIL | 1, processor);
  }
});

test("calls by the numbers of another processor end the program, and those with short pointers are refused", () => {
  const { bytes } = systemCallFilter(RULES, "x64")!;
  assert.equal(answer(bytes, { number: 0, audit: I386 }), KILL);
  assert.equal(answer(bytes, { number: 0x40000000 + 41, audit: X64 }), FAIL | 1);
});

test("there is no filter for a processor whose numbers are not known", () => {
  assert.equal(systemCallFilter(RULES, "riscv64"), null);
});
