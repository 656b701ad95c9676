/** A sign-on leads back to own pages only. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { returnPath } from "./return-path.ts";

test("pages of this server are kept, with query and fragment", () => {
  for (const path of ["/", "/console/people?role=teacher#x", "/j/ABCD1234", "/studio/01j?next=//evil.example"])
    assert.equal(returnPath(path), path);
});

test("addresses of other servers lead to the console", () => {
  for (const path of [
    ...["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example"],
    ...[
      "javascript:alert(1)",
      "data:text/html,x",
      "evil.example",
      "",
      " /console",
      "/console\\..\\",
      "/./\\evil",
      "/.//evil.example",
    ],
    ...["/%09/..//evil.example", "/x/..//evil.example"],
  ])
    assert.equal(returnPath(path), "/console", JSON.stringify(path));
});
