/** Provides a name server of a test (RFC 1035), which answers each question about a name with the next of its addresses, to be kept for no time at all. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";

/** Types of records: RFC 1035 section 3.2.2, RFC 3596 section 2.1. */
const A = 1;
const AAAA = 28;
const HEADER_SIZE = 12;
/** A pointer to the name of the question: RFC 1035 section 4.1.4. */
const SAME_NAME = Buffer.from([0xc0, HEADER_SIZE]);

export type NameServer = { readonly asked: string[]; readonly close: () => void };

/** @param answersOf the answers about a name, each with any number of addresses; the last one is given again and again */
export async function startNameServer(answersOf: (name: string) => readonly (readonly string[])[]): Promise<NameServer> {
  const asked: string[] = [];
  /** Questions about IPv4 addresses of each name, and about IPv6 addresses. */
  const counts = new Map<string, number>();
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => {
    const { name, end } = nameOf(question);
    const type = question.readUInt16BE(end);
    const key = `${name} ${type}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    asked.push(key);
    const answers = answersOf(name);
    const addresses = (answers[Math.min(count, answers.length - 1)] ?? []).filter((address) => isIPv6(address) === (type === AAAA));
    const head = Buffer.alloc(HEADER_SIZE);
    head.writeUInt16BE(question.readUInt16BE(0), 0);
    // An answer, recursion available.
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(1, 4);
    const isKnown = type === A || type === AAAA;
    head.writeUInt16BE(isKnown ? addresses.length : 0, 6);
    const records = isKnown ? addresses.map((address) => record(type, bytesOf(address))) : [];
    socket.send(Buffer.concat([head, question.subarray(HEADER_SIZE, end + 4), ...records]), from.port, from.address);
  });
  socket.bind(53, "127.0.0.1");
  await once(socket, "listening");
  return { asked, close: () => socket.close() };
}

function nameOf(question: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER_SIZE;
  for (let size = question[at] ?? 0; size > 0; size = question[at] ?? 0) {
    labels.push(question.subarray(at + 1, at + 1 + size).toString("latin1"));
    at += size + 1;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

function record(type: number, address: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  // Bytes 4 to 7: to be kept for no time.
  fixed.writeUInt16BE(address.length, 8);
  return Buffer.concat([SAME_NAME, fixed, address]);
}

/** The bytes of an address; of IPv6, without a part in dots. */
function bytesOf(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split(".").map(Number));
  const [before = "", after = ""] = address.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [first, last] = [groups(before), groups(after)];
  const all = [...first, ...Array.from({ length: 8 - first.length - last.length }, () => "0"), ...last];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}
