import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { authorization } from "./client-authorization.ts";

const WHO = { app: "live", user: "me", password: "secret" };
const NEED = "[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ";
const ASKED = "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=me&salt=c2Fs==&challenge=Y2g=&opaque=b3A=";
const md5 = (text: string, encoding: "base64" | "hex") => createHash("md5").update(text).digest(encoding);

test("a server that wants a user gets it, and then the answer to its challenge", () => {
  assert.equal(authorization(NEED, WHO), "?authmod=adobe&user=me");
  const response = md5(`${md5("mec2Fs==secret", "base64")}b3A=0a1b2c3d`, "base64");
  assert.equal(authorization(ASKED, WHO, "0a1b2c3d"), `?authmod=adobe&user=me&challenge=0a1b2c3d&response=${response}&opaque=b3A=`);
});

test("without `opaque`, the challenge itself is answered", () => {
  const response = md5(`${md5("mec2Fs==secret", "base64")}Y2g=0a1b2c3d`, "base64");
  const query = authorization(ASKED.replace("&opaque=b3A=", ""), WHO, "0a1b2c3d");
  assert.equal(query, `?authmod=adobe&user=me&challenge=0a1b2c3d&response=${response}`);
});

test("Limelight's scheme is a digest of the app", () => {
  assert.equal(authorization(NEED.replace("adobe", "llnw"), WHO), "?authmod=llnw&user=me");
  const known = md5("me:live:secret", "hex");
  const answered = (app: string, path: string) => {
    const response = md5(`${known}:n0:00000001:0a1b2c3d:auth:${md5(`publish:/${path}`, "hex")}`, "hex");
    const query = authorization("[ authmod=llnw ] : ?reason=needauth&user=me&nonce=n0", { ...WHO, app }, "0a1b2c3d");
    assert.equal(query, `?authmod=llnw&user=me&nonce=n0&cnonce=0a1b2c3d&nc=00000001&response=${response}`);
  };
  answered("live", "live/_definst_");
  answered("live/one?x=y", "live/one");
});

test("a server that has said no, or asks somebody without a password, gets no answer", () => {
  assert.equal(authorization("[ authmod=adobe ] : ?reason=authfailed&opaque=x", WHO), null);
  assert.equal(authorization("[ authmod=other ] code=403 need auth", WHO), null);
  assert.equal(authorization("not found", WHO), null);
  assert.equal(authorization(NEED, { ...WHO, password: "" }), null);
});
