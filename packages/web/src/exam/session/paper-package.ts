/** Fetches the encrypted paper with its pictures and sound, checks that it is the one that the examination names, and decrypts it (Web Cryptography API, AES-GCM as of NIST SP 800-38D). */
import { type PaperPackage, unpackPaper } from "@lectern/exam";
import type { PackagePlace } from "../attempt/exam-types.ts";

/** The package begins with it. */
const NONCE_BYTES = 12;
const TAG_BITS = 128;

/** The browser forbids cryptography where the page did not come over HTTPS. */
export function canDecrypt(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

/** @throws Error: other bytes than the examination names, or none */
export async function fetchPackage(place: PackagePlace, load: typeof fetch = fetch): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await load(place.url);
  if (!answer.ok) throw new Error(`the paper was refused with ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  if (![hex(hash), base64Url(hash)].includes(place.hash)) throw new Error("the paper is damaged");
  return bytes;
}

/** @param key 32 bytes in base64url. @throws Error: the key is another one's, or the bytes were changed */
export async function openPackage(bytes: Uint8Array<ArrayBuffer>, key: string): Promise<PaperPackage> {
  const imported = await crypto.subtle.importKey("raw", fromBase64Url(key), "AES-GCM", false, ["decrypt"]);
  const algorithm = { name: "AES-GCM", iv: bytes.subarray(0, NONCE_BYTES), tagLength: TAG_BITS };
  const opened = await crypto.subtle.decrypt(algorithm, imported, bytes.subarray(NONCE_BYTES));
  return unpackPaper(new Uint8Array(opened));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}
