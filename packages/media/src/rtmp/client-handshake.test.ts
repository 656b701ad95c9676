import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { good, inPieces, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { Malformed } from "../bytes/malformed.ts";
import { ClientHandshake } from "./client-handshake.ts";
import { answerHandshake, HANDSHAKE_SIZE } from "./handshake.ts";

const hmac = (key: Uint8Array, data: Uint8Array) => createHmac("sha256", key).update(data).digest();

/** What a server answers to this client, and what it says after that. */
function answered(client: ClientHandshake, behind: Uint8Array): Buffer {
  return Buffer.concat([answerHandshake(client.opening.subarray(1), randomBytes(HANDSHAKE_SIZE), hmac), behind]);
}

function run(client: ClientHandshake, input: Uint8Array, sizes: readonly number[]) {
  const replies: Uint8Array[] = [];
  const rest: Uint8Array[] = [];
  inPieces(input, sizes, (piece) => {
    if (rest.length > 0) return void rest.push(piece);
    const step = good(client.push(piece));
    if (step.reply.length > 0) replies.push(step.reply);
    if (step.rest) rest.push(step.rest);
  });
  return { sent: Buffer.concat(replies), rest: Buffer.concat(rest), over: rest.length > 0 };
}

test("C0 is the version, and C1 has no digest", () => {
  const { opening } = new ClientHandshake(randomBytes(HANDSHAKE_SIZE));
  assert.deepEqual([opening.length, opening[0], [...opening.subarray(1, 9)]], [1 + HANDSHAKE_SIZE, 3, [0, 0, 0, 0, 0, 0, 0, 0]]);
});

test("S1 is answered once with itself, and what follows S2 is given on, in pieces of any size", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1 }),
      fc.uint8Array({ maxLength: 50 }),
      (sizes, behind) => {
        const client = new ClientHandshake(randomBytes(HANDSHAKE_SIZE));
        const input = answered(client, behind);
        const { sent, rest, over } = run(client, input, sizes);
        assert.deepEqual(sent, input.subarray(1, 1 + HANDSHAKE_SIZE));
        assert.deepEqual(rest, Buffer.from(behind));
        assert.ok(over);
      },
    ),
    { numRuns: 50 },
  );
});

test("byte by byte, C2 is sent as soon as S1 is whole, and not before", () => {
  const client = new ClientHandshake(randomBytes(HANDSHAKE_SIZE));
  const input = answered(client, new Uint8Array(0));
  const repliedAt: number[] = [];
  let overAt = 0;
  input.forEach((byte, i) => {
    const step = good(client.push(Uint8Array.of(byte)));
    if (step.reply.length > 0) repliedAt.push(i + 1);
    if (step.rest) overAt = i + 1;
  });
  assert.deepEqual([repliedAt, overAt], [[1 + HANDSHAKE_SIZE], 1 + 2 * HANDSHAKE_SIZE]);
});

test("an answer that is cut short anywhere does not end the handshake", () => {
  const client = new ClientHandshake(randomBytes(HANDSHAKE_SIZE));
  const input = answered(client, new Uint8Array(0));
  for (let length = 0; length < input.length; length += 97)
    assert.ok(!run(new ClientHandshake(randomBytes(HANDSHAKE_SIZE)), input.subarray(0, length), [500]).over);
});

test("a server of another protocol is known by its first byte", () => {
  const step = new ClientHandshake(randomBytes(HANDSHAKE_SIZE)).push(Buffer.from("HTTP/1.1 400 Bad Request\r\n"));
  assert.ok(step instanceof Malformed);
  assert.equal(step.rule, "RTMP version 72");
});

test("any bytes are survived", () => {
  const server = answered(new ClientHandshake(randomBytes(HANDSHAKE_SIZE)), new Uint8Array(10));
  survivesAnyBytes(server, (bytes) => new ClientHandshake(randomBytes(HANDSHAKE_SIZE)).push(bytes));
});
