import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestAddress } from "../http/request-address.ts";
import { parsePublishAddress } from "./publish-address.ts";

const parse = (url: string) => parsePublishAddress(new RequestAddress(url));

test("the address of a publisher and that of its probe are read", () => {
  const address = parse("/live/math/publish?key=s3cret&backup=1");
  assert.deepEqual([address?.app, address?.name, address?.purpose], ["live", "math", "publish"]);
  assert.equal(address?.query.get("key"), "s3cret");
  assert.equal(parse("/live/math/publish/probe?key=s3cret")?.purpose, "probe");
});

test("rungs, other paths and anything that would have to be normalised first are no such address", () => {
  const others = [
    "/live/math@360p/publish",
    "/live/math/publish/",
    "/live/math/publish/x",
    "/live/math/publish/probe/",
    "/live//publish",
  ];
  const attacks = [
    "/live/../math/publish",
    "/live/m%61th/publish",
    "//live/math/publish",
    `/live/${"a".repeat(129)}/publish`,
    "/publish",
    "",
  ];
  for (const url of [...others, ...attacks]) assert.equal(parse(url), null, url);
});
