import assert from "node:assert/strict";
import { test } from "node:test";
import { good, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { writeTag } from "../flv/tag.ts";
import { MESSAGE_TYPE, splitAggregate } from "./message.ts";

const aggregate = (payload: Uint8Array) => ({ type: MESSAGE_TYPE.aggregate, streamId: 1, timestamp: 1000, payload });

test("the parts of an aggregate count their time from the first one", () => {
  const payload = Buffer.concat([writeTag(9, 5000, [[1, 2]]), writeTag(8, 5021, [[3]])]);
  const parts = good(splitAggregate(aggregate(payload)));
  assert.deepEqual(
    parts.map((p) => [p.type, p.timestamp, [...p.payload]]),
    [
      [9, 1000, [1, 2]],
      [8, 1021, [3]],
    ],
  );
});

test("any bytes are survived", () => {
  survivesAnyBytes(writeTag(9, 0, [[1, 2, 3]]), (payload) => splitAggregate(aggregate(payload)));
});
