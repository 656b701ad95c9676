/** SIP as cameras were seen to write it, in datagrams and on connections. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inPieces, survivesAnyBytes } from "../../../../media/test/hostile-bytes.ts";
import { answerTo } from "./requests.ts";
import {
  header,
  headersOf,
  parameterOf,
  readSip,
  type SipMessage,
  SipStream,
  sequenceOf,
  uriOf,
  userOf,
  writeSip,
} from "./sip-message.ts";

/** Of an "IP Camera" whose capture is public. */
const REGISTER = [
  "REGISTER sip:34020000002000000001@3402000000 SIP/2.0",
  "Via: SIP/2.0/UDP 192.168.8.184:5060;rport;branch=z9hG4bK119722870",
  "From: <sip:34020000001320000001@3402000000>;tag=1168363890",
  "To: <sip:34020000001320000001@3402000000>",
  "Call-ID: 434018964",
  "CSeq: 2 REGISTER",
  "Contact: <sip:34020000001320000001@192.168.8.184:5060>",
  "Max-Forwards: 70",
  "User-Agent: IP Camera",
  "Expires: 3600",
  "Content-Length: 0",
  "",
  "",
].join("\r\n");

const bytesOf = (text: string) => new TextEncoder().encode(text);

function parsed(text: string): SipMessage {
  const message = readSip(bytesOf(text));
  assert.ok(message);
  return message;
}

test("a registration is read, and written again as it came", () => {
  const message = parsed(REGISTER);
  assert.ok(message.kind === "request");
  assert.deepEqual([message.method, message.uri], ["REGISTER", "sip:34020000002000000001@3402000000"]);
  assert.equal(userOf(header(message, "from")), "34020000001320000001");
  assert.equal(parameterOf(header(message, "from"), "tag"), "1168363890");
  assert.deepEqual(sequenceOf(message), { number: 2, method: "REGISTER" });
  assert.equal(Buffer.from(writeSip(message)).toString(), REGISTER);
});

test("short names, names in lower case, folded lines and line ends without a carriage return are read alike", () => {
  const odd =
    "MESSAGE sip:x@y SIP/2.0\nv:SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\nFROM : <sip:34020000001320000001@3402000000>;\n\ttag=7\ni: 5\ncseq: 20  message\nl: 2\n\nokmore";
  const message = parsed(odd);
  assert.equal(header(message, "via"), "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1");
  assert.equal(parameterOf(header(message, "from"), "tag"), "7");
  assert.equal(header(message, "call-id"), "5");
  assert.deepEqual(sequenceOf(message), { number: 20, method: "MESSAGE" });
  assert.equal(Buffer.from(message.body).toString(), "ok", "the body is as long as it says");
});

test("a contact without host or port is no obstacle", () => {
  for (const contact of [
    "<sip:34020000001320000001@>",
    "<sip:34020000001320000001@:5060>",
    "sip:34020000001320000001@10.0.0.9;x=1",
  ])
    assert.equal(userOf(contact), "34020000001320000001");
  assert.equal(uriOf("<sip:a@b:5060;transport=tcp>;expires=60"), "sip:a@b:5060;transport=tcp");
  assert.equal(parameterOf("<sip:a@b;expires=9>;expires=60", "expires"), "60");
});

test("an answer goes to where the request came from, with its Via, whether it asked for that or not", () => {
  const peer = { protocol: "UDP", host: "203.0.113.9", port: 40_123 } as const;
  for (const text of [REGISTER, REGISTER.replace(";rport", "")]) {
    const request = parsed(text);
    assert.ok(request.kind === "request");
    const answer = answerTo(request, 200, { peer, toTag: "t1" });
    assert.deepEqual(headersOf(answer, "via"), [
      "SIP/2.0/UDP 192.168.8.184:5060;branch=z9hG4bK119722870;rport=40123;received=203.0.113.9",
    ]);
    assert.equal(header(answer, "to"), "<sip:34020000001320000001@3402000000>;tag=t1");
    assert.equal(header(answer, "cseq"), "2 REGISTER");
  }
});

test("messages on a connection are cut at their lengths, whatever the pieces, with line ends between them", () => {
  const withBody = REGISTER.replace("Content-Length: 0", "Content-Length: 5").concat("hello");
  const all = bytesOf(`\r\n\r\n${REGISTER}${withBody}\r\n${REGISTER}`);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      const stream = new SipStream();
      const messages: SipMessage[] = [];
      inPieces(all, sizes, (piece) => messages.push(...(stream.push(piece.slice()) ?? assert.fail("no SIP"))));
      assert.deepEqual(
        messages.map(({ body }) => Buffer.from(body).toString()),
        ["", "hello", ""],
      );
    }),
  );
});

test("a connection that is no SIP, or whose message is too long, is of no use", () => {
  assert.equal(new SipStream().push(bytesOf("GET / HTTP/1.1\r\nHost: x\r\n\r\n")), null);
  assert.equal(new SipStream().push(new Uint8Array(20_000).fill(65)), null);
  assert.equal(new SipStream().push(bytesOf(REGISTER.replace("Content-Length: 0", "Content-Length: 99999999"))), null);
});

test("no bytes make it throw", () => {
  survivesAnyBytes(bytesOf(REGISTER), (input) => {
    readSip(input);
    new SipStream().push(input.slice());
  });
});

test("headers are found in any text, at the cost of its length", () => {
  const before = (value: string, name: string) =>
    new RegExp(`;\\s*${name}\\s*=\\s*"?([^;,"\\s]+)`, "i").exec(value.replace(/<[^>]*>/, ""))?.[1] ?? null;
  const text = fc.stringMatching(/^[<>;= "a]{0,12}(;tag=7)?[<>;= "a]{0,12}$/);
  fc.assert(
    fc.property(text, (value) => {
      assert.equal(parameterOf(value, "tag"), before(value, "tag"));
    }),
  );
  assert.equal(readSip(bytesOf(REGISTER.replace("tag=1168363890", "<".repeat(5000)))), null, "a line of 5 kB is nobody's");
});

test("a body in many pieces is whole at its last byte, whatever length it tells", () => {
  const body = "x".repeat(60_000);
  const stream = new SipStream();
  const bytes = bytesOf(REGISTER.replace("Content-Length: 0", `Content-Length: ${body.length}`) + body);
  let messages: SipMessage[] = [];
  inPieces(bytes, [1, 7], (piece) => {
    assert.equal(messages.length, 0);
    messages = stream.push(piece) ?? assert.fail("it is SIP");
  });
  assert.deepEqual([messages.length, messages[0]?.body.length, stream.kept], [1, body.length, 0]);
  for (const length of ["1048577", "999999999"])
    assert.equal(new SipStream().push(bytesOf(REGISTER.replace("Content-Length: 0", `Content-Length: ${length}`))), null, length);
  // What says nothing counts as nothing: the bytes behind it are no message.
  for (const length of ["-5", "99999999999999999999", "1e3", ""])
    assert.equal(
      new SipStream().push(bytesOf(`${REGISTER.replace("Content-Length: 0", `Content-Length: ${length}`)}${body}`)),
      null,
      length,
    );
});
