/** Writes the messages of RTMP that are no media, of a server and of a client: protocol control (Adobe RTMP 1.0 section 5.4) and commands (section 7.2). */
import { type AmfObject, type AmfValue, CHUNK_STREAM, encodeAmf0, MESSAGE_TYPE, USER_CONTROL, writeChunks } from "@lectern/media";
import type { Refusal } from "../../platform/refusal.ts";

/** Bytes that a side may send before they are acknowledged: about twenty seconds of a lesson. */
export const WINDOW_BYTES = 2_500_000;
const DYNAMIC = 2;

function control(type: number, ...bytes: number[]): Uint8Array {
  return writeChunks({ type, streamId: 0, timestamp: 0, payload: Uint8Array.from(bytes) }, CHUNK_STREAM.control, 128);
}

function u32(value: number): [number, number, number, number] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

export const setChunkSize = (size: number) => control(MESSAGE_TYPE.setChunkSize, ...u32(size));
export const windowSize = (bytes: number) => control(MESSAGE_TYPE.windowAcknowledgementSize, ...u32(bytes));
export const peerBandwidth = (bytes: number) => control(MESSAGE_TYPE.setPeerBandwidth, ...u32(bytes), DYNAMIC);
export const acknowledge = (bytes: number) => control(MESSAGE_TYPE.acknowledgement, ...u32(bytes));
export const pong = (time: Uint8Array) => control(MESSAGE_TYPE.userControl, 0, USER_CONTROL.pingResponse, ...time.subarray(0, 4));
export const streamBegin = (id: number) => control(MESSAGE_TYPE.userControl, 0, USER_CONTROL.streamBegin, ...u32(id));
export const streamEof = (id: number) => control(MESSAGE_TYPE.userControl, 0, USER_CONTROL.streamEof, ...u32(id));
export const setBufferLength = (id: number, milliseconds: number) =>
  control(MESSAGE_TYPE.userControl, 0, USER_CONTROL.setBufferLength, ...u32(id), ...u32(milliseconds));

/** A command message. @param chunkSize what this side has announced */
export function command(streamId: number, chunkSize: number, ...values: readonly AmfValue[]): Uint8Array {
  const payload = encodeAmf0(...values);
  return writeChunks({ type: MESSAGE_TYPE.command, streamId, timestamp: 0, payload }, CHUNK_STREAM.command, chunkSize);
}

/** A status, as `onStatus` carries it: section 7.2.2. */
export function status(level: "status" | "warning" | "error", code: string, description: string): { [key: string]: string } {
  return { level, code, description };
}

/** A refusal as a status. */
export function refusalStatus(code: string, refusal: Refusal): { [key: string]: string } {
  return status("error", code, `${refusal.code}: ${refusal.detail}`);
}

/** Redirects a client to another server, in the form of Flash Media Server. */
export function redirectStatus(address: string): AmfObject {
  const where = { code: 302, redirect: address };
  return { ...status("error", "NetConnection.Connect.Rejected", `This is served better at ${address}`), ex: where };
}

/** The state of a stream: section 7.2.2. */
export function onStatus(streamId: number, chunkSize: number, information: AmfObject): Uint8Array {
  return command(streamId, chunkSize, "onStatus", 0, null, information);
}

/** The properties and the information of the answer to `connect`: section 7.2.1.1. @param object of the command */
export function connectResult(object: AmfObject): [properties: AmfObject, information: AmfObject] {
  const information: AmfObject = {
    ...status("status", "NetConnection.Connect.Success", "Connected."),
    objectEncoding: object["objectEncoding"] ?? 0,
  };
  const properties: Record<string, AmfValue> = { fmsVer: "FMS/3,5,7,7009", capabilities: 31, mode: 1 };
  // Enhanced RTMP v1 and v2, "Enhancing NetConnection connect Command": every codec that the client names is passed on.
  for (const key of ["fourCcList", "videoFourCcInfoMap", "audioFourCcInfoMap"])
    if (object[key] !== undefined) properties[key] = object[key];
  return [properties, information];
}

/** A value that should be a text; empty when it is none. */
export function textOf(value: AmfValue): string {
  return typeof value === "string" ? value : "";
}
