/** Makes the file of a page that newcomers get, once for all who ask at the same place in the log. */
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { PageState } from "@lectern/board";
import type { RoomPosition } from "@lectern/room";
import type { PageFile } from "../../../contracts/rooms/room-requests.ts";
import type { RetainedPage } from "./lesson-board.ts";

const compress = promisify(gzip);
/** Points are nearly as small at the fastest level. */
const LEVEL = { level: constants.Z_BEST_SPEED };

const files = new WeakMap<RetainedPage, RoomPosition & { readonly made: Promise<string> }>();

/** @param held a page as it is at the position */
export async function fileOf(retained: RetainedPage, position: RoomPosition): Promise<PageFile> {
  const known = files.get(retained);
  const file =
    known?.epoch === position.epoch && known.seq === position.seq ? known : { ...position, made: make(retained, position) };
  files.set(retained, file);
  return { ...position, gzip: await file.made };
}

async function make({ id, page }: RetainedPage, position: RoomPosition): Promise<string> {
  const state: PageState = { page: id, ...position, operations: page.operations() };
  return (await compress(JSON.stringify(state), LEVEL)).toString("base64");
}
