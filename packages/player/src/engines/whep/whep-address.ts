/** Provides addresses of WHEP: `/APP/NAME/whep`, beside `/APP/NAME.flv`. */
import { addressOfRung } from "../rung-list.ts";

const FILE = /\.(?:flv|m3u8)(?=\?|#|$)/;
const DOOR = /\/whep(?=\?|#|$)/;

/** @param address of the same stream by another protocol */
export function whepAddressOf(address: string): string {
  return address.replace(/^ws/, "http").replace(FILE, "/whep");
}

/** @param url of WHEP */
export function flvAddressOf(url: string): string {
  return url.replace(DOOR, ".flv");
}

/** @param url of WHEP. @param name null is the stream itself, of which the server sends the rung that the connection carries */
export function whepAddressOfRung(url: string, name: string | null): string {
  return whepAddressOf(addressOfRung(flvAddressOf(url), name));
}
