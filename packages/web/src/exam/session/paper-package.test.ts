import assert from "node:assert/strict";
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { fetchPackage, openPackage } from "./paper-package.ts";

const PAPER = { title: "代数", instruction: "", sections: [] };

function encrypted() {
  const [key, nonce] = [randomBytes(32), randomBytes(12)];
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const bytes = Buffer.concat([nonce, cipher.update(JSON.stringify(PAPER), "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { key: key.toString("base64url"), bytes, hash: createHash("sha256").update(bytes).digest("hex") };
}

const serving = (bytes: Buffer) => (async () => new Response(new Uint8Array(bytes))) as typeof fetch;

test("the package of the server opens with its key", async () => {
  const { key, bytes, hash } = encrypted();
  const fetched = await fetchPackage({ url: "/paper", hash, bytes: bytes.length }, serving(bytes));
  assert.deepEqual(await openPackage(fetched, key), { paper: PAPER, files: [] });
});

test("bytes that are not those of the examination are refused, and so is another key", async () => {
  const { bytes, hash } = encrypted();
  const other = Buffer.from(bytes);
  other[20] = (other[20] ?? 0) ^ 1;
  await assert.rejects(fetchPackage({ url: "/paper", hash, bytes: bytes.length }, serving(other)));
  await assert.rejects(openPackage(new Uint8Array(bytes), encrypted().key), DOMException);
});
