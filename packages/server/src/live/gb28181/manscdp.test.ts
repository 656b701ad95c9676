/** Messages of MANSCDP, in the encodings and the shapes that devices were seen to write. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { survivesAnyBytes } from "../../../../media/test/hostile-bytes.ts";
import { CatalogCollector, type ControlMessage, isCamera, readControlMessage, writeQuery } from "./manscdp.ts";
import { readXml } from "./xml.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

function item(id: string, name: string, more = ""): string {
  return `<Item><DeviceID>${id}</DeviceID><Name>${name}</Name><Manufacturer>Dahua</Manufacturer><Model>IPC</Model><Status>ON</Status>${more}</Item>`;
}

function catalog(serial: number, total: number, ...items: readonly string[]): Uint8Array {
  return bytesOf(
    `<?xml version="1.0" encoding="GB2312"?>\r\n<Response>\r\n<CmdType>Catalog</CmdType>\r\n<SN>${serial}</SN>\r\n<DeviceID>34020000001180000001</DeviceID>\r\n<SumNum>${total}</SumNum>\r\n<DeviceList Num="${items.length}">\r\n${items.join("\r\n")}\r\n</DeviceList>\r\n</Response>\r\n`,
  );
}

const code = (number: number, type = "131") => `3402000000${type}${String(number).padStart(7, "0")}`;

function read(bytes: Uint8Array): ControlMessage {
  return readControlMessage(bytes) ?? assert.fail("no message");
}

function items(bytes: Uint8Array) {
  const message = read(bytes);
  return message.kind === "catalog" ? message.items : assert.fail(message.kind);
}

test("names are read from GB2312 and UTF-8, whatever the declaration says", () => {
  const around = [catalog(1, 1, item(code(1), "@")), Buffer.from("@")] as const;
  const at = Buffer.from(around[0]).indexOf("@");
  // 教室 in GB2312, and 镕 in GB18030, which GB2312 does not have.
  const gb = Buffer.concat([around[0].subarray(0, at), Buffer.from("bdcccad2e946", "hex"), around[0].subarray(at + 1)]);
  assert.equal(items(gb)[0]?.name, "教室镕");
  assert.equal(items(catalog(1, 1, item(code(1), "教室镕")))[0]?.name, "教室镕");
});

test("a catalogue in several messages is whole when all of its items have come, in any order and more than once", () => {
  const pages = [0, 1, 2].map((page) => read(catalog(17, 6, item(code(page * 2), "a"), item(code(page * 2 + 1), "b"))));
  const collector = new CatalogCollector();
  const give = (page: number) => {
    const message = pages[page]!;
    return message.kind === "catalog" ? collector.take(message) : assert.fail();
  };
  assert.equal(give(2), null);
  assert.equal(give(0), null);
  assert.equal(give(0), null);
  assert.equal(give(1)?.length, 6);
  const again = read(catalog(18, 2, item(code(9), "c")));
  assert.ok(again.kind === "catalog");
  assert.equal(collector.take(again), null, "another query begins again");
  assert.deepEqual(
    collector.found().map(({ id }) => id),
    [code(9)],
  );
});

test("cameras and channels are cameras; alarms, loudspeakers, folders and groups are not", () => {
  const found = items(
    catalog(
      1,
      8,
      item(code(1, "131"), "channel"),
      item(code(2, "132"), "camera"),
      item(code(3, "134"), "alarm"),
      item(code(4, "137"), "loudspeaker"),
      item(code(5, "216"), "group"),
      item(code(6, "131"), "folder", "<Parental>1</Parental>"),
      item("3402", "area"),
      item(code(7, "118"), "a recorder that is its own channel"),
    ),
  );
  assert.deepEqual(
    found.filter(isCamera).map(({ name }) => name),
    ["channel", "camera", "a recorder that is its own channel"],
  );
});

test("a name with signs that XML reserves is read, escaped or not", () => {
  const names = ["A &amp; B", "A & B", "<![CDATA[A & B]]>", "A &#38; B"];
  for (const name of names) assert.equal(items(catalog(1, 1, item(code(1), name)))[0]?.name, "A & B", name);
});

test("keep-alives, device information and other messages are told apart", () => {
  const notify =
    '<?xml version="1.0"?>\n<Notify>\n<CmdType>Keepalive</CmdType>\n<SN>43</SN>\n<DeviceID>34020000001320000001</DeviceID>\n<Status>OK</Status>\n<Info>\n</Info>\n</Notify>';
  assert.deepEqual(read(bytesOf(notify)), { kind: "keepalive", deviceId: code(1, "132") });
  const info =
    "<Response><CmdType>DeviceInfo</CmdType><SN>2</SN><DeviceID>34020000001180000001</DeviceID><DeviceName>NVR</DeviceName><Manufacturer>UNV</Manufacturer><Model>NVR302</Model><Firmware>B1</Firmware></Response>";
  const expected = { deviceId: code(1, "118"), name: "NVR", manufacturer: "UNV", model: "NVR302", firmware: "B1" };
  assert.deepEqual(read(bytesOf(info)), { kind: "device-info", ...expected });
  assert.equal(read(bytesOf(notify.replace("Keepalive", "Alarm"))).kind, "other");
  assert.equal(readControlMessage(bytesOf("<html></html>")), null);
});

test("a query is read as what it is", () => {
  const root = readXml(Buffer.from(writeQuery("Catalog", 248, code(1, "118"))).toString());
  assert.deepEqual(
    root?.children.map(({ name, text }) => [name, text]),
    [
      ["CmdType", "Catalog"],
      ["SN", "248"],
      ["DeviceID", code(1, "118")],
    ],
  );
});

test("no bytes make it throw, and no depth", () => {
  survivesAnyBytes(catalog(1, 1, item(code(1), "教室 &amp; <![CDATA[x]]>")), (input) => void readControlMessage(input));
  assert.equal(readXml("<a>".repeat(100_000)), null);
  assert.equal(readXml("<!--"), null);
});
