import assert from "node:assert/strict";
import { createDecipheriv } from "node:crypto";
import { test } from "node:test";
import { ContentKeys } from "../../access/encryption/content-keys.ts";
import { EncryptedFiles } from "../../access/encryption/encrypted-files.ts";
import type { Encryption } from "../../access/policies/content-protection.ts";
import { ManualClock } from "../../platform/clock.ts";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../streams/synthetic-source.ts";
import { HlsStream, type PlaylistBytes } from "./hls-stream.ts";
import { SegmentKeys } from "./segment-keys.ts";

const WINDOW = 8;
const EVERY_TWO: Encryption = { segmentsPerKey: 2 };
const contentKeys = new ContentKeys([Buffer.from("secret")]);

/** A stream whose rules can change. */
function setUp(first: Encryption | null | undefined) {
  const { ingest, log } = ingestOf(new ManualClock());
  const rules = { now: first };
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  const open = () => {
    const keys = new SegmentKeys(contentKeys, log.epoch, () => rules.now);
    return { keys, hls: new HlsStream(log, "", WINDOW, keys) };
  };
  return { ingest, log, rules, open, ...open() };
}

const textOf = (hls: HlsStream, skip = false) => (hls.playlist(null, skip) as PlaylistBytes).plain.toString();
/** What the playlist says of each segment: the number of its key, or plain. */
const saidOf = (text: string) =>
  [...text.matchAll(/^epoch\/1-(\d+)(?:\.k(\d+)-\w+)?\.m4s$/gm)].map(([, msn, key]) => `${msn} ${key ?? "plain"}`);
const tagsOf = (text: string) =>
  [...text.matchAll(/^#EXT-X-(MAP|KEY):(?:METHOD=(NONE|AES-128))?.*$/gm)].map(([, tag, method]) => method ?? tag);

test("segments and parts have the key that the playlist names before them, and another one after so many segments", async () => {
  const { hls, ingest } = setUp(EVERY_TWO);
  pushAll(ingest, [...lesson(9.3)]);
  const text = textOf(hls);
  assert.deepEqual(saidOf(text), ["1 0", "2 1", "3 1", "4 2"]);
  assert.deepEqual(tagsOf(text), ["MAP", "AES-128", "AES-128", "AES-128"]);
  let key = { name: "", iv: "" };
  let checked = 0;
  const files = new EncryptedFiles();
  for (const line of text.split("\n")) {
    const [, name, iv] = /^#EXT-X-KEY:METHOD=AES-128,URI="epoch\/key-([^"]+)",IV=0x([0-9a-f]{32})$/.exec(line) ?? [];
    if (name && iv) key = { name, iv };
    const [, msn, part, of] = /epoch\/1-(\d+)(?:\.(\d+))?\.k([^.]+)\.m4s/.exec(line) ?? [];
    if (!msn || line.includes("PRELOAD")) continue;
    assert.equal(of, key.name, line);
    const content = contentKeys.find("epoch", key.name);
    const plain = hls.media(1, Number(msn), part === undefined ? null : Number(part));
    assert.ok(content && plain instanceof Buffer);
    const decipher = createDecipheriv("aes-128-cbc", content.key, Buffer.from(key.iv, "hex"));
    const bytes = await files.of(plain, content);
    assert.deepEqual(Buffer.concat([decipher.update(bytes), decipher.final()]), plain, line);
    checked++;
  }
  assert.ok(checked > 15);
});

test("a rule that comes while the stream is live holds from the next segment on, and one that goes too", () => {
  const { hls, keys, ingest, rules } = setUp(null);
  pushAll(ingest, [...lesson(5)]);
  rules.now = EVERY_TWO;
  assert.deepEqual(saidOf(textOf(hls)), ["1 plain", "2 plain"]);
  pushAll(ingest, [...lesson(5, 5000)]);
  const text = textOf(hls);
  assert.deepEqual(saidOf(text), ["1 plain", "2 plain", "3 plain", "4 2", "5 2"]);
  assert.deepEqual([keys.isOpen(3), keys.isOpen(4)], [true, false]);
  rules.now = null;
  pushAll(ingest, [...lesson(6, 10_000)]);
  const later = textOf(hls);
  assert.ok(saidOf(later).includes("4 2") && saidOf(later).at(-1)?.endsWith("plain"), saidOf(later).join());
  assert.equal(tagsOf(later).at(-1), "NONE");
  // What the rule has protected is open to all who may watch, as the rule is gone.
  assert.equal(keys.isOpen(4), true);
});

test("a worker that opens the stream after a rule came encrypts all of it", () => {
  const { ingest, rules, open } = setUp(null);
  pushAll(ingest, [...lesson(7)]);
  rules.now = EVERY_TWO;
  const { hls, keys } = open();
  assert.deepEqual(saidOf(textOf(hls)), ["1 0", "2 1", "3 1"]);
  assert.equal(keys.isOpen(1), false);
});

test("while it is not known whether there is a rule, nothing goes out in the clear; later it is as known", () => {
  const { hls, keys, ingest, rules } = setUp(undefined);
  pushAll(ingest, [...lesson(5)]);
  assert.ok(saidOf(textOf(hls)).every((said) => !said.endsWith("plain")));
  assert.equal(keys.isOpen(0), false);
  rules.now = null;
  assert.equal(keys.isOpen(0), true);
});

test("a delta update names the key of its first segment again", () => {
  const { hls, ingest } = setUp({ segmentsPerKey: 100 });
  pushAll(ingest, [...lesson(40)]);
  const text = textOf(hls, true);
  assert.match(text, /EXT-X-SKIP/);
  assert.deepEqual(tagsOf(text), ["AES-128"]);
});
