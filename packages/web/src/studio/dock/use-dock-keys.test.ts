import assert from "node:assert/strict";
import { test } from "node:test";
import { buttonOfKey } from "./use-dock-keys.ts";

function element(key: string, isSeen: boolean): HTMLElement {
  return { getAttribute: () => key, getClientRects: () => (isSeen ? [{}] : []) } as unknown as HTMLElement;
}

function pageOf(elements: readonly HTMLElement[]): Pick<ParentNode, "querySelectorAll"> {
  const found = (selectors: string) => (selectors.includes(".studio-dock") ? elements : []);
  return { querySelectorAll: found as unknown as ParentNode["querySelectorAll"] };
}

test("a letter presses the button of the dock that has it, whichever case it is typed in", () => {
  const record = element("R", true);
  const page = pageOf([element("M", true), record]);
  assert.equal(buttonOfKey("r", page), record);
  assert.equal(buttonOfKey("R", page), record);
});

test("a letter presses no button that is hidden", () => {
  const hidden = element("M", false);
  const seen = element("M", true);
  assert.equal(buttonOfKey("m", pageOf([hidden])), undefined);
  assert.equal(buttonOfKey("m", pageOf([hidden, seen])), seen);
});
