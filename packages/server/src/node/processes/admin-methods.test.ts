import assert from "node:assert/strict";
import { test } from "node:test";
import { NotReady } from "../ipc/admin-socket.ts";
import { adminMethods } from "./admin-methods.ts";

test("until the server has started, calls are refused in words", async () => {
  const methods = adminMethods({ supervisor: { call: () => assert.fail() } } as never, () => null);
  const account = { minutes: 5, reason: "", madeBy: "root" };
  await assert.rejects(async () => await methods.breakGlass(account), NotReady);
  await assert.rejects(async () => await methods.recover({}), NotReady);
  await assert.rejects(async () => await methods.backup({ file: "" }), NotReady);
});
