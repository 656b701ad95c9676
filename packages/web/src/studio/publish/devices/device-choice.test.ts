import assert from "node:assert/strict";
import { test } from "node:test";
import { devicesOf, facingOf, fallBack, findRemembered, hasBothSides, isMirrored, listedId } from "./device-choice.ts";

const device = (id: string, label = id) => ({ id, label, groupId: "" });
const [builtIn, usb] = [device("a", "Built-in camera"), device("b", "USB camera")];

test("a list has each device of its kind once, without the aliases of Chromium", () => {
  const listed = (kind: MediaDeviceKind, deviceId: string) => ({ kind, deviceId, label: `Device ${deviceId}`, groupId: "g" });
  const all = [listed("videoinput", "a"), listed("audioinput", "default"), listed("audioinput", "b"), listed("audiooutput", "c")];
  assert.deepEqual(devicesOf("camera", all), [{ id: "a", label: "Device a", groupId: "g" }]);
  assert.deepEqual(devicesOf("microphone", all), [{ id: "b", label: "Device b", groupId: "g" }]);
});

test("a remembered device is found by its id, or by its label when the browser has given it another id", () => {
  assert.equal(findRemembered({ id: "b", label: "" }, [builtIn, usb]), usb);
  assert.equal(findRemembered({ id: "old", label: "USB camera" }, [builtIn, usb]), usb);
  assert.equal(findRemembered({ id: "old", label: "" }, [device("", ""), usb]), null);
  assert.equal(findRemembered({ id: "old", label: "Gone" }, [builtIn, usb]), null);
  assert.equal(findRemembered(null, [builtIn]), null);
});

test("a device that is gone is replaced by the remembered one, else by the first of the others", () => {
  const third = device("c", "Document camera");
  assert.equal(fallBack("b", { id: "c", label: "" }, [builtIn, usb, third]), third);
  assert.equal(fallBack("b", { id: "b", label: "USB camera" }, [builtIn, usb, third]), builtIn);
  assert.equal(fallBack("b", null, [usb]), null);
});

test("front and back cameras are told by their labels, in both languages", () => {
  assert.equal(facingOf("camera2 1, facing front"), "user");
  assert.equal(facingOf("Back Dual Wide Camera"), "environment");
  assert.equal(facingOf("后置相机"), "environment");
  assert.equal(facingOf("前置相机"), "user");
  assert.equal(facingOf("Logitech BRIO"), null);
  assert.equal(hasBothSides([device("a", "Front Camera"), device("b", "Back Camera")]), true);
  assert.equal(hasBothSides([builtIn, usb]), false);
});

test("only a camera that looks at its person is shown as in a mirror", () => {
  assert.equal(isMirrored({ facingMode: "environment" }, "Front Camera"), false);
  assert.equal(isMirrored({}, "Back Camera"), false);
  assert.equal(isMirrored({}, "USB camera"), true);
});

test("an open device is found in the list, also when Chromium opened its alias", () => {
  assert.equal(listedId({ id: "b", label: "USB camera" }, [builtIn, usb]), "b");
  assert.equal(listedId({ id: "default", label: "Default - USB camera" }, [builtIn, usb]), "b");
  assert.equal(listedId({ id: "x", label: "Gone" }, [builtIn, usb]), "");
  assert.equal(listedId({ id: "x", label: "Anything" }, [device("a", "")]), "");
  assert.equal(listedId(null, [builtIn]), "");
});
