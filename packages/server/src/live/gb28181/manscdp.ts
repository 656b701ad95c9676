/**
 * Provides the control messages of GB/T 28181, MANSCDP: annex A of GB/T 28181-2016. Read are keep-alives, catalogues and information on devices;
 * written are the queries for them.
 */
import { childText, readXml, type XmlElement } from "./xml.ts";

export type CatalogItem = {
  readonly id: string;
  readonly name: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly isOn: boolean;
  /** A directory, and no channel. */
  readonly isFolder: boolean;
};

export type ControlMessage =
  | { readonly kind: "keepalive"; readonly deviceId: string }
  | {
      readonly kind: "catalog";
      readonly deviceId: string;
      /** Of the query. */
      readonly serial: string;
      /** Items of all messages together. */
      readonly total: number;
      readonly items: readonly CatalogItem[];
    }
  | {
      readonly kind: "device-info";
      readonly deviceId: string;
      readonly name: string;
      readonly manufacturer: string;
      readonly model: string;
      readonly firmware: string;
    }
  /** A message of another kind, which is acknowledged and nothing more. */
  | { readonly kind: "other"; readonly deviceId: string; readonly command: string };

const MAX_TEXT = 200;
/** Recorders and platforms below a school have some hundred. */
const MAX_ITEMS = 10_000;
const DEVICE_ID = /^\d{20}$/;

/** Null: it is no message of MANSCDP. */
export function readControlMessage(body: Uint8Array): ControlMessage | null {
  const root = readXml(decoded(body));
  if (!root || !["Notify", "Response", "Query", "Control"].includes(root.name)) return null;
  const command = childText(root, "CmdType");
  const deviceId = childText(root, "DeviceID");
  if (root.name === "Notify" && command === "Keepalive") return { kind: "keepalive", deviceId };
  if (root.name === "Response" && command === "Catalog") return readCatalog(root, deviceId);
  if (root.name !== "Response" || command !== "DeviceInfo") return { kind: "other", deviceId, command };
  return {
    kind: "device-info",
    deviceId,
    name: shortText(root, "DeviceName"),
    manufacturer: shortText(root, "Manufacturer"),
    model: shortText(root, "Model"),
    firmware: shortText(root, "Firmware"),
  };
}

/** The body of a query. */
export function writeQuery(command: "Catalog" | "DeviceInfo", serial: number, deviceId: string): Uint8Array {
  const lines = [
    '<?xml version="1.0" encoding="GB2312"?>',
    "<Query>",
    `<CmdType>${command}</CmdType>`,
    `<SN>${serial}</SN>`,
    `<DeviceID>${deviceId}</DeviceID>`,
    "</Query>",
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

/** Types of devices that stand at digits 11 to 13 of an id, and have no picture: annex D of GB/T 28181-2016. */
const WITHOUT_PICTURE = new Set(["134", "135", "136", "137"]);

/** Whether pictures can be asked of an item: a camera, or a channel of a recorder. */
export function isCamera({ id, isFolder }: CatalogItem): boolean {
  const type = id.slice(10, 13);
  // From 200 on they are platforms, users and groups.
  return DEVICE_ID.test(id) && !isFolder && !WITHOUT_PICTURE.has(type) && Number(type) < 200;
}

/** Puts the messages of a catalogue together: a recorder sends a few items in each, all with the serial number of the query. */
export class CatalogCollector {
  private serial = "";
  private readonly items = new Map<string, CatalogItem>();

  /** The items, once all are there; null before. A message that comes twice is counted once. */
  take({ serial, total, items }: Extract<ControlMessage, { kind: "catalog" }>): readonly CatalogItem[] | null {
    if (serial !== this.serial) this.items.clear();
    this.serial = serial;
    for (const item of items) if (this.items.size < MAX_ITEMS || this.items.has(item.id)) this.items.set(item.id, item);
    return this.items.size >= Math.min(total, MAX_ITEMS) ? this.found() : null;
  }

  /** What has come so far. */
  found(): readonly CatalogItem[] {
    return [...this.items.values()];
  }
}

function readCatalog(root: XmlElement, deviceId: string): ControlMessage {
  const list = root.children.find(({ name }) => name === "DeviceList");
  const items = (list?.children ?? []).filter(({ name }) => name === "Item").map(readItem);
  const total = /^\d{1,6}$/.exec(childText(root, "SumNum"));
  return {
    kind: "catalog",
    deviceId,
    serial: childText(root, "SN"),
    total: total ? Number(total[0]) : items.length,
    items: items.filter(({ id }) => DEVICE_ID.test(id)),
  };
}

function readItem(item: XmlElement): CatalogItem {
  const id = childText(item, "DeviceID");
  return {
    id,
    name: shortText(item, "Name") || id,
    manufacturer: shortText(item, "Manufacturer"),
    model: shortText(item, "Model"),
    // Hikvision writes ON, some others OK or ONLINE.
    isOn: !/^(?:off|offline|vlost|error)$/i.test(childText(item, "Status")),
    isFolder: childText(item, "Parental") === "1",
  };
}

function shortText(element: XmlElement, name: string): string {
  return childText(element, name).slice(0, MAX_TEXT);
}

/**
 * Most devices write GB2312 or GB18030, which has all of GB2312, whatever their declaration says, and some write UTF-8. What is no UTF-8 is GB18030: Chinese in it
 * is hardly ever valid UTF-8.
 */
function decoded(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return new TextDecoder("gb18030").decode(body);
  }
}
