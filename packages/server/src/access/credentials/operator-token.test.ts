import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusalError } from "../../platform/api/server.ts";
import { OperatorToken, type OperatorTokenSettings } from "./operator-token.ts";

const TOKEN = "a token of the environment";
const NOW = Date.parse("2026-11-30T12:00:00Z");

function tokenWith(settings: Partial<OperatorTokenSettings>, token: string | null = TOKEN): OperatorToken {
  return new OperatorToken(
    token,
    () => ({ expires: "", allowedNetworks: [], ...settings }),
    () => NOW,
  );
}

function codeOf(call: () => void): string | null {
  try {
    call();
    return null;
  } catch (error) {
    assert.ok(error instanceof RefusalError);
    return error.refusal.code;
  }
}

test("the operator's token is its text alone, and none where the environment has none", () => {
  assert.equal(tokenWith({}).matches(TOKEN), true);
  for (const other of ["", "a", TOKEN.slice(1), `${TOKEN} `, TOKEN.toUpperCase()])
    assert.equal(tokenWith({}).matches(other), false);
  assert.equal(tokenWith({}, null).matches(""), false);
});

test("it is refused from the moment on at which it expires", () => {
  assert.equal(
    codeOf(() => tokenWith({}).checkUse("192.0.2.1")),
    null,
  );
  assert.equal(
    codeOf(() => tokenWith({ expires: "2026-11-30T12:00:01Z" }).checkUse("192.0.2.1")),
    null,
  );
  for (const expires of ["2026-11-30T12:00:00Z", "2026-11-30T19:59:59+08:00", "2020-01-01T00:00:00Z"])
    assert.equal(
      codeOf(() => tokenWith({ expires }).checkUse("192.0.2.1")),
      "operator-token-expired",
      expires,
    );
});

test("it is refused from other networks than the allowed ones, also where an address is IPv4 within IPv6", () => {
  const token = tokenWith({ allowedNetworks: ["10.1.0.0/16", "2001:db8::/32"] });
  for (const ip of ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::7"])
    assert.equal(
      codeOf(() => token.checkUse(ip)),
      null,
      ip,
    );
  for (const ip of ["10.2.0.1", "::ffff:10.2.0.1", "2001:db9::1", ""])
    assert.equal(
      codeOf(() => token.checkUse(ip)),
      "operator-token-address",
      ip,
    );
});

test("its end is near for the last 14 days, and none is told of without a token or an end", () => {
  assert.equal(tokenWith({}).end(), null);
  assert.equal(tokenWith({ expires: "2026-12-01T00:00:00Z" }, null).end(), null);
  assert.deepEqual(tokenWith({ expires: "2026-12-14T12:00:00Z" }).end(), { state: "far", daysLeft: 14 });
  assert.deepEqual(tokenWith({ expires: "2026-12-14T11:59:59Z" }).end(), { state: "near", daysLeft: 13 });
  assert.deepEqual(tokenWith({ expires: "2026-11-30T12:00:00Z" }).end(), { state: "over", daysLeft: 0 });
});
